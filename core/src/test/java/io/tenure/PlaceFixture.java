package io.tenure;

/** A contender of a queue, and what it takes to get it into one. */
abstract class PlaceFixture {
  final Script script = new Script();
  final ScriptedStore store = script.store;
  final Contender contender = new Contender();
  final QueuePlace place = place(false);

  QueuePlace place(boolean once) {
    return new QueuePlace(script.context, ScriptedStore.QUEUE, "lock 'a'", once, contender);
  }

  void enter() {
    script.inLane(place::enter);
  }

  void enterBehind(long... ahead) {
    enter();
    store.enqueued(1, 7, ahead);
  }
}
