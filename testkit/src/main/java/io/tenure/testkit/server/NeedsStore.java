package io.tenure.testkit.server;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that need one store or several. They run unless somebody narrowed the run on purpose,
 * as {@link Stores#isSelected} tells; a store that cannot be had fails them.
 */
@Documented
@ExtendWith(StoreCondition.class)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface NeedsStore {
  /**
   * Names the stores.
   *
   * @return each {@code memory}, {@code etcd}, {@code consul} or {@code zookeeper}
   */
  String[] value();
}
