package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.tenure.etcd.Keys.EntryName;
import io.tenure.spi.QueueName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private final Keys keys = new Keys(ByteString.copyFromUtf8("ns/"), "tenure");
  private final QueueName queue = new QueueName("prod/lock/a%2Fb");

  @Test
  void everythingIsUnderTheNamespaceAndTheRoot() {
    assertThat(keys.at("prod/cell/k").toStringUtf8()).isEqualTo("ns/tenure/prod/cell/k");
    assertThat(keys.queue(queue).toStringUtf8()).isEqualTo("ns/tenure/prod/lock/a%2Fb/");
    assertThat(keys.session(255).toStringUtf8()).isEqualTo("ns/tenure/.session/ff");
    assertThat(keys.withdrawn(ID).toStringUtf8()).isEqualTo("ns/tenure/.withdrawn/" + ID);
  }

  @Test
  void anEntryIsFoundAgainByItsLocator() {
    ByteString key = keys.at(Keys.locator(queue, new EntryName("w", ID)));
    assertThat(key.toStringUtf8()).isEqualTo("ns/tenure/prod/lock/a%2Fb/w." + ID);
    assertThat(keys.entryName(queue, key)).contains(new EntryName("w", ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "w",
        "w.",
        "." + ID,
        "W." + ID,
        "w." + ID + "0",
        "w.0123456789ABCDEF0123456789ABCDEF",
        "x/w." + ID,
        "w." + ID + "/x",
        "ninechars." + ID
      })
  void whatHasNotTheFormOfAnEntryIsNone(String name) {
    ByteString key = keys.queue(queue).concat(ByteString.copyFromUtf8(name));
    assertThat(keys.entryName(queue, key)).isEmpty();
  }

  @Test
  void aRangeEndsBeforeTheNextName() {
    assertThat(Keys.end(ByteString.copyFromUtf8("a/")).toStringUtf8()).isEqualTo("a0");
    assertThat('0' - '/').isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a/", "a//b", "a b", " "})
  void aRootThatIsNoPathIsRefused(String root) {
    EtcdBackend.Builder builder = EtcdBackend.builder("http://etcd-1:2379");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.root(root))
        .withMessageContaining("'" + root + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "etcd-1",
        "etcd-1:2379",
        "http://",
        "http://etcd-1",
        "ftp://etcd-1:2379",
        "http://a b:1"
      })
  void anEndpointThatIsNoneIsRefused(String endpoint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdBackend.connect(endpoint))
        .withMessageContaining("http://host:port");
  }

  @Test
  void endpointsAreOfOneKindAndThereIsOne() {
    assertThatIllegalArgumentException().isThrownBy(EtcdBackend::connect);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdBackend.connect("http://a:2379", "https://b:2379"))
        .withMessageContaining("all");
  }
}
