package io.tenure.fencing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection that notes how its transactions were run, and fails where the test wants it: at what
 * it would have noted next.
 */
final class WatchedConnection {
  /** Fails what is about to be done by throwing, or lets it be done. */
  interface Fault {
    void before(String step) throws SQLException;
  }

  /** Transactions' ends, modes, and the first word of each statement that was executed. */
  final List<String> steps = new ArrayList<>();

  private final Connection target;
  private final Fault fault;

  WatchedConnection(Connection target, Fault fault) {
    this.target = target;
    this.fault = fault;
  }

  Connection proxy() {
    return proxy(Connection.class, this::onConnection);
  }

  /** A connection to a database that calls itself so, and behaves as it is. */
  static Connection called(String product, Connection target) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          Object result = call(target, method, arguments);
          return result instanceof DatabaseMetaData metaData
              ? proxy(
                  DatabaseMetaData.class,
                  (proxy, called, values) ->
                      called.getName().equals("getDatabaseProductName")
                          ? product
                          : call(metaData, called, values))
              : result;
        });
  }

  private Object onConnection(Object self, Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "commit", "close" -> step(method.getName());
      case "rollback" -> step(arguments == null ? "rollback" : "rollback to savepoint");
      case "setAutoCommit" -> step("autocommit " + arguments[0]);
      default -> {}
    }
    Object result = call(target, method, arguments);
    if (result instanceof PreparedStatement statement) {
      String word = ((String) arguments[0]).split(" ", 2)[0];
      return proxy(
          PreparedStatement.class,
          (proxy, called, values) -> {
            if (called.getName().startsWith("execute")) {
              step(word);
            }
            return call(statement, called, values);
          });
    }
    return result;
  }

  private void step(String step) throws SQLException {
    steps.add(step);
    fault.before(step);
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            WatchedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
