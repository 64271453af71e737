/**
 * Leader election and distributed locks with fencing tokens, independent of the store behind them.
 */
@org.jspecify.annotations.NullMarked
module io.tenure.core {
  requires org.slf4j;
  requires static transitive org.jspecify;
  requires static transitive java.sql;
  requires static transitive jdk.httpserver;

  exports io.tenure;
  exports io.tenure.fencing;
  exports io.tenure.spi;
}
