package io.tenure.testkit.server;

import java.nio.file.Path;

/**
 * A store's server as a program of this machine.
 *
 * @param path the executable
 * @param version as it tells, for example "3.5.16"; empty where it is not asked beforehand
 * @param origin how it was come by, for example "Debian package"
 */
record Program(Path path, String version, String origin) {}
