package io.tenure.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.testkit.server.AptSources.Mirror;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {
  @Test
  void readsOneLineSources() {
    assertThat(
            AptSources.lines(
                """
                # deb http://commented.example/debian bookworm main
                deb http://mirror.example/debian bookworm main contrib
                deb-src http://sources.example/debian bookworm main
                deb [arch=amd64 signed-by=/keys/debian.gpg] https://signed.example/debian stable main
                deb http://security.example/debian-security bookworm-security main
                deb http://other.example/apt cloud-tools main
                """))
        .containsExactly(
            new Mirror("http://mirror.example/debian", Optional.empty()),
            new Mirror("https://signed.example/debian", Optional.of("/keys/debian.gpg")));
  }

  @Test
  void readsStanzas() {
    assertThat(
            AptSources.stanzas(
                """
                # the archive
                Types: deb deb-src
                URIs: http://one.example/debian
                  http://two.example/debian
                Suites: trixie trixie-updates
                Components: main
                Signed-By: /keys/debian.gpg

                Types: deb
                URIs: http://security.example/debian-security
                Suites: trixie-security
                Components: main

                Types: deb
                URIs: http://key-inside.example/debian
                Suites: sid
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 -----END PGP PUBLIC KEY BLOCK-----

                Enabled: no
                Types: deb
                URIs: http://disabled.example/debian
                Suites: trixie
                Components: main
                """))
        .containsExactly(
            new Mirror("http://one.example/debian", Optional.of("/keys/debian.gpg")),
            new Mirror("http://two.example/debian", Optional.of("/keys/debian.gpg")),
            new Mirror("http://key-inside.example/debian", Optional.empty()));
  }

  @Test
  void namesEveryMirrorOnceInTheOrderOfTheFiles(@TempDir Path apt) throws Exception {
    Files.createDirectory(apt.resolve("sources.list.d"));
    Files.writeString(apt.resolve("sources.list"), "deb http://one.example/debian sid main\n");
    Files.writeString(
        apt.resolve("sources.list.d/b.list"), "deb http://one.example/debian trixie main\n");
    Files.writeString(
        apt.resolve("sources.list.d/a.sources"),
        "Types: deb\nURIs: http://two.example/debian\nSuites: sid\nComponents: main\n");
    Files.writeString(
        apt.resolve("sources.list.d/c.list.save"), "deb http://old.example/debian sid main\n");

    assertThat(new AptSources(apt).mirrors())
        .extracting(Mirror::uri)
        .containsExactly("http://one.example/debian", "http://two.example/debian");
  }

  @Test
  void aMachineWithoutAptHasNoMirrors(@TempDir Path nothing) throws Exception {
    assertThat(new AptSources(nothing.resolve("apt")).mirrors()).isEmpty();
  }

  @Test
  void aMirrorIsAskedForAnotherSuiteUnderItsOwnKey() {
    assertThat(new Mirror("http://one.example/debian", Optional.of("/keys/a.gpg")).line("trixie"))
        .isEqualTo("deb [signed-by=/keys/a.gpg] http://one.example/debian trixie main\n");
    assertThat(new Mirror("http://one.example/debian", Optional.empty()).line("trixie"))
        .isEqualTo("deb http://one.example/debian trixie main\n");
  }
}
