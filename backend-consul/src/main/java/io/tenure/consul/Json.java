package io.tenure.consul;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;

/** Consul's JSON, where every name begins with a capital letter. */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().setFieldNamingPolicy(FieldNamingPolicy.UPPER_CAMEL_CASE).create();

  private Json() {}

  static String write(Object value) {
    return GSON.toJson(value);
  }

  /**
   * Reads an answer.
   *
   * @throws StoreException if it is something else; what became of the request is not known then
   */
  static <T> T read(String json, Class<T> type) {
    try {
      T value = GSON.fromJson(json, type);
      if (value != null) {
        return value;
      }
    } catch (JsonParseException e) {
      throw new StoreException(Outcome.UNKNOWN, "the answer is not Consul's JSON", e);
    }
    throw new StoreException(Outcome.UNKNOWN, "the answer is empty");
  }
}
