package io.tenure.cli;

import java.nio.file.Path;

/**
 * What a server knows us by.
 *
 * @param certificate a PEM file with our certificate, and those that lead to its authority
 * @param key a PEM file with our private key, PKCS #8 and not encrypted
 */
record Identity(Path certificate, Path key) {}
