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
        .hasMessageContaining("-Dtenure.stores names no store: \"zookeper\"");
  }

  @Test
  void theLineAtTheEndTellsHowEachStoreWasHadAndWhatWasLeftOut() {
    Stores.Report report = new Stores.Report();
    assertThat(report.line()).isEqualTo("stores tested: none");

    report.add("etcd 3.5.16", "Debian package");
    report.add("ZooKeeper 3.9.5", "processes");
    report.add("ZooKeeper 3.9.5", "in process");
    report.add("ZooKeeper 3.9.5", "in process");
    report.add("consul", "left out on purpose");

    assertThat(report.line())
        .isEqualTo(
            "stores tested: etcd 3.5.16 (Debian package), ZooKeeper 3.9.5 (processes; in process),"
                + " consul (left out on purpose)");
  }
}
