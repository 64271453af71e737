package io.tenure.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoresTest {
  @Test
  void everyStoreIsTestedUnlessTheRunIsNarrowed() {
    assertThat(Stores.isSelected("etcd", "")).isTrue();
    assertThat(Stores.isSelected("etcd", " , ")).isTrue();
    assertThat(Stores.isSelected("etcd", "memory, ETCD")).isTrue();
    assertThat(Stores.isSelected("consul", "memory, ETCD")).isFalse();
  }

  @Test
  void aStoreThatThereIsNotIsRefusedOnBothSides() {
    assertThatThrownBy(() -> Stores.isSelected("redis", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no such store: \"redis\" (allowed: memory, etcd, consul, zookeeper)");
    assertThatThrownBy(() -> Stores.isSelected("etcd", "memory,zookeper"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Dstores names no store: \"zookeper\"");
  }

  @Test
  void theLineAtTheEndTellsHowEachStoreWasHadAndWhatWasLeftOut() {
    Stores.Report report = new Stores.Report();
    assertThat(report.line()).isEqualTo("stores tested: none");

    assertThat(report.leaveOut("consul")).isTrue();
    assertThat(report.line()).isEqualTo("stores tested: none; left out on purpose: consul");

    assertThat(report.use("etcd 3.5.16 (Debian package)")).isFalse();
    report.use("ZooKeeper 3.9.5 (in this JVM)");
    report.use("ZooKeeper 3.9.5 (in this JVM)");
    report.leaveOut("memory");
    report.leaveOut("consul");
    assertThat(report.line())
        .isEqualTo(
            "stores tested: etcd 3.5.16 (Debian package), ZooKeeper 3.9.5 (in this JVM);"
                + " left out on purpose: consul, memory");
  }
}
