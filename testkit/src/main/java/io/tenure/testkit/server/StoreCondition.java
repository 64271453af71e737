package io.tenure.testkit.server;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Leaves tests out whose store the run was narrowed not to include: see {@link NeedsStore}. */
final class StoreCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return context
        .getElement()
        .flatMap(element -> Optional.ofNullable(element.getAnnotation(NeedsStore.class)))
        .map(needed -> List.of(needed.value()))
        .orElse(List.of())
        .stream()
        .filter(store -> !Stores.isSelected(store))
        .map(store -> ConditionEvaluationResult.disabled(store + " was left out on purpose"))
        .findFirst()
        .orElseGet(() -> ConditionEvaluationResult.enabled("no store was left out"));
  }
}
