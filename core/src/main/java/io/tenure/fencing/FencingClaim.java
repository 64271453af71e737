package io.tenure.fencing;

import io.tenure.FencingToken;
import io.tenure.Lease;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the holder of a lock or a leadership sends with a request to another service: the name it
 * holds, who it is, its token, and the request's number if it is to be applied at most once.
 *
 * <p>It travels as one line of printable ASCII, as the HTTP header {@value #HEADER} or the gRPC
 * metadata key {@value #METADATA_KEY}:
 *
 * <pre>
 * v1;name=accounts%2F42;owner=worker-3;token=1234;sequence=7
 * </pre>
 *
 * <p>Names and owners are in UTF-8, and every byte but {@code A-Z a-z 0-9 - . _ ~} is written as
 * {@code %XX} in capitals. The order is fixed, numbers have no leading zeros, {@code sequence} may
 * be left out, and there is one way to write each claim: anything else is refused.
 *
 * <p>A claim proves nothing about its sender. Whoever may send requests may send any claim, so
 * authenticate senders as if there were none.
 *
 * @param name what is held, 1 to 255 bytes in UTF-8, no control characters
 * @param owner the holder's candidate id, likewise
 * @param token the holder's token
 * @param sequence the request's number, greater than 0, or empty if the request may be applied more
 *     than once
 */
public record FencingClaim(String name, String owner, FencingToken token, OptionalLong sequence) {
  /** The HTTP header that a claim travels in. */
  public static final String HEADER = "Tenure-Claim";

  /** The gRPC metadata key that a claim travels under. */
  public static final String METADATA_KEY = "tenure-claim";

  /* Two names of 255 bytes, each byte as %XX, and the rest. */
  private static final int MAX_LENGTH = 2 * 3 * ResourceNames.MAX_BYTES + 80;

  private static final Pattern FORM =
      Pattern.compile(
          "v1;name=([^;]+);owner=([^;]+);token=([1-9][0-9]{0,18})"
              + "(?:;sequence=([1-9][0-9]{0,18}))?");
  private static final Pattern ESCAPED = Pattern.compile("(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+");
  private static final String HEX = "0123456789ABCDEF";

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if one is not allowed
   */
  public FencingClaim {
    ResourceNames.check(name);
    ResourceNames.check("an owner", owner);
    Objects.requireNonNull(token, "token");
    sequence.ifPresent(HighWaterMark::checkSequence);
  }

  /**
   * Returns the claim of a lease, without a sequence.
   *
   * @param lease what is held
   * @param owner the id that the client was built with
   * @return the claim
   * @throws IllegalArgumentException if the owner is not allowed
   */
  public static FencingClaim of(Lease lease, String owner) {
    return new FencingClaim(lease.name(), owner, lease.token(), OptionalLong.empty());
  }

  /**
   * Returns this claim with a number. The sender counts upwards from 1 under each token, and gives
   * a request that it sends again the same number.
   *
   * @param number greater than 0
   * @return the claim
   * @throws IllegalArgumentException if the number is not positive
   */
  public FencingClaim withSequence(long number) {
    return new FencingClaim(name, owner, token, OptionalLong.of(number));
  }

  /**
   * Returns the text form.
   *
   * @return printable ASCII, at most 1610 characters
   */
  public String toText() {
    String text = "v1;name=" + escape(name) + ";owner=" + escape(owner) + ";token=" + token;
    return sequence.isPresent() ? text + ";sequence=" + sequence.getAsLong() : text;
  }

  /**
   * Reads the text form, exactly as {@link #toText} writes it.
   *
   * @param text a header's value
   * @return the claim
   * @throws IllegalArgumentException if it is anything else; the message says in one sentence what,
   *     and repeats nothing of the text
   */
  public static FencingClaim parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a claim has at most " + MAX_LENGTH + " characters, but this has " + text.length());
    }
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a claim reads 'v1;name=NAME;owner=OWNER;token=NUMBER', with ';sequence=NUMBER' if there"
              + " is one, but this does not");
    }
    FencingClaim claim =
        new FencingClaim(
            unescape("name", parts.group(1)),
            unescape("owner", parts.group(2)),
            FencingToken.of(number("token", parts.group(3))),
            parts.group(4) == null
                ? OptionalLong.empty()
                : OptionalLong.of(number("sequence", parts.group(4))));
    if (!claim.toText().equals(text)) {
      throw new IllegalArgumentException(
          "a claim escapes in UTF-8 what has to be and nothing else, but this does not");
    }
    return claim;
  }

  /**
   * Reads the one claim among a header's values.
   *
   * @throws ClaimRefusedException if there is none, more than one, or no readable one
   */
  static FencingClaim only(List<String> values) {
    if (values.isEmpty()) {
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.MISSING,
          "a request to this resource carries a claim in " + HEADER + ", but this has none");
    }
    if (values.size() > 1) {
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.MALFORMED,
          "a request carries one claim, but this has " + values.size());
    }
    try {
      return parse(values.get(0));
    } catch (IllegalArgumentException e) {
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.MALFORMED, String.valueOf(e.getMessage()), e);
    }
  }

  private static long number(String what, String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a claim's " + what + " is at most " + Long.MAX_VALUE + ", but this is greater", e);
    }
  }

  private static String unescape(String what, String escaped) {
    if (!ESCAPED.matcher(escaped).matches()) {
      throw new IllegalArgumentException(
          "a claim's " + what + " is of A-Z a-z 0-9 - . _ ~ and %XX, but this is not");
    }
    return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "-._~".indexOf(c) >= 0) {
        escaped.append(c);
      } else {
        escaped.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
      }
    }
    return escaped.toString();
  }
}
