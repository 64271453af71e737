package io.tenure.fencing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes a connection behave as PostgreSQL does after an error: it refuses every further statement
 * until a rollback. Also counts the statements, and how often the whole transaction was ended.
 */
final class PostgresLikeConnection {
  private final Connection target;
  private final AtomicInteger transactionEnds = new AtomicInteger();
  private final AtomicInteger statements = new AtomicInteger();
  private final AtomicInteger failedStatements = new AtomicInteger();
  private volatile boolean aborted;

  PostgresLikeConnection(Connection target) {
    this.target = target;
  }

  Connection proxy() {
    return proxy(Connection.class, this::onConnection);
  }

  int transactionEnds() {
    return transactionEnds.get();
  }

  int statements() {
    return statements.get();
  }

  int failedStatements() {
    return failedStatements.get();
  }

  private Object onConnection(Object self, Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    if (name.equals("commit") || (name.equals("rollback") && arguments == null)) {
      transactionEnds.incrementAndGet();
    }
    Object result = call(target, method, arguments);
    if (name.equals("rollback")) {
      aborted = false;
    }
    if (result instanceof Statement statement) {
      return proxy(
          method.getReturnType().asSubclass(Statement.class),
          (proxy, called, values) -> onStatement(statement, called, values));
    }
    return result;
  }

  private Object onStatement(Statement statement, Method method, Object[] arguments)
      throws Throwable {
    if (!method.getName().startsWith("execute")) {
      return call(statement, method, arguments);
    }
    statements.incrementAndGet();
    if (aborted) {
      throw new SQLException("current transaction is aborted, commands ignored", "25P02");
    }
    try {
      return call(statement, method, arguments);
    } catch (SQLException e) {
      failedStatements.incrementAndGet();
      aborted = true;
      throw e;
    }
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
            PostgresLikeConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
