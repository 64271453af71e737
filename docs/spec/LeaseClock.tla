---------------------------- MODULE LeaseClock -----------------------------
(***************************************************************************)
(* When may the holder of a lease believe that it holds?                   *)
(*                                                                         *)
(* Time passes in ticks of the store's clock. The clock of a session's     *)
(* client ticks along but may miss some, at most `Missed` of any TTL       *)
(* consecutive ones: it runs slow, or stands still for a while. (A store   *)
(* whose clock misses ticks gives the name away later; that is covered,    *)
(* because it may take its time to expire anything.) Missing none at all   *)
(* is possible too, and so is a client that does nothing: no step of it    *)
(* ever has to happen.                                                     *)
(*                                                                         *)
(* Every instant is kept as a distance from now, so that the model has no  *)
(* end: sessions are renewed any number of times. A session that is over   *)
(* stays over. A client that opens another one counts as another member    *)
(* of `Sessions` here, because two sessions of one client share nothing.   *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, Sequences, TLC, Witness

CONSTANTS
  Sessions,
  TTL,         \* in ticks
  Margin,      \* taken off the deadline, in ticks
  Missed,      \* how many of TTL consecutive ticks a client's clock may miss
  Underway,    \* how many requests of one session may be on their way at once
  CountFrom,   \* a deadline is counted from when the request was "sent" or "answered"
  HeldBy,      \* a holder asks the "clock", or a flag that a "timer" clears
  Final,       \* TRUE if a deadline that has passed is not moved any more
  Proof        \* an answer proves that the request was "applied", or only "received"

ASSUME /\ Margin < TTL
       /\ Missed <= TTL
       /\ CountFrom \in {"sent", "answered"}
       /\ HeldBy \in {"clock", "timer"}
       /\ Final \in BOOLEAN
       /\ Proof \in {"applied", "received"}

Nobody == "nobody"

VARIABLES
  owner,    \* the session to which the store has given the name
  keeps,    \* how much longer the store keeps its promise to that session
  step,     \* of each session: "waiting", "granted" or "over"
  left,     \* what is left until its deadline, by its client's clock
  net,      \* its requests and answers on their way
  ticked,   \* which of the last TTL - 1 ticks its client's clock did not miss
  sawEnd    \* TRUE once its deadline has passed: anybody may have seen that

vars == <<owner, keeps, step, left, net, ticked, sawEnd>>

AllTicked == [i \in 1..(TTL - 1) |-> TRUE]

Held(s) ==
  /\ step[s] = "granted"
  /\ HeldBy = "clock" => left[s] > 0

Init ==
  /\ owner = Nobody
  /\ keeps = 0
  /\ step = [s \in Sessions |-> "waiting"]
  /\ left = [s \in Sessions |-> 0]
  /\ net = [s \in Sessions |-> {}]
  /\ ticked = [s \in Sessions |-> AllTicked]
  /\ sawEnd = [s \in Sessions |-> FALSE]

-----------------------------------------------------------------------------
(* Time *)

Minus(a, b) == IF a > b THEN a - b ELSE 0

Count(flags) == Cardinality({i \in DOMAIN flags : ~flags[i]})

(* What is as old as the TTL proves nothing, and is left out as if lost. *)
Older(messages) ==
  {[m EXCEPT !.age = @ + 1] : m \in {m \in messages : m.age < TTL - 1}}

(* While a session measures nothing, it does not matter whether its clock ticks. *)
Measures(s) == left[s] > 0 \/ net[s] # {}

(* A slow clock deceives its own client only, so one at a time is enough. *)
MayMiss(s) ==
  /\ Measures(s)
  /\ Count(ticked[s]) < Missed
  /\ \A other \in Sessions \ {s} : ticked[other] = AllTicked

(* One tick of the store's clock, which the clocks of the sessions `slow` miss. *)
Tick ==
  \E slow \in {{}} \cup {{s} : s \in {s \in Sessions : MayMiss(s)}} :
    /\ keeps' = Minus(keeps, 1)
    /\ left' = [s \in Sessions |-> IF s \in slow THEN left[s] ELSE Minus(left[s], 1)]
    /\ net' = [s \in Sessions |->
         IF s \in slow THEN net[s] ELSE Older(net[s])]
    /\ ticked' = [s \in Sessions |-> Append(Tail(ticked[s]), s \notin slow)]
    /\ sawEnd' = [s \in Sessions |-> sawEnd[s] \/ (step[s] # "waiting" /\ left'[s] = 0)]
    /\ UNCHANGED <<owner, step>>

-----------------------------------------------------------------------------
(* The client *)

(* The request by which a session comes to the name, or renews it. Its age *)
(* is what the client's clock has counted since it was sent.               *)
SendRequest(s) ==
  /\ step[s] # "over"
  /\ Cardinality(net[s]) < Underway
  /\ net' = [net EXCEPT ![s] = @ \cup {[kind |-> "request", age |-> 0]}]
  /\ UNCHANGED <<owner, keeps, step, left, ticked, sawEnd>>

Proved(age) == Minus(TTL, Margin + (IF CountFrom = "sent" THEN age ELSE 0))

(* Answers may come late and out of order. The deadline only moves forward. *)
TakeAnswer(s) ==
  \E answer \in net[s] :
    LET proved == Proved(answer.age)
        isGrant == step[s] = "waiting"
        isInTime == step[s] = "granted" /\ (left[s] > 0 \/ ~Final)
    IN
    /\ answer.kind = "answer"
    /\ net' = [net EXCEPT ![s] = @ \ {answer}]
    /\ IF isGrant \/ isInTime
         THEN /\ left' = [left EXCEPT ![s] = IF proved > @ THEN proved ELSE @]
              /\ step' = [step EXCEPT ![s] = "granted"]
              /\ sawEnd' = [sawEnd EXCEPT ![s] = @ \/ left'[s] = 0]
              /\ isGrant /\ proved = 0 => Witness("granted after the deadline")
              /\ isInTime /\ proved > left[s] => Witness("renewed")
              /\ isInTime /\ proved < left[s] => Witness("an older proof after a newer one")
         ELSE /\ UNCHANGED <<left, step, sawEnd>>
              /\ step[s] = "granted" /\ proved > 0 => Witness("a proof that came too late")
    /\ UNCHANGED <<owner, keeps, ticked>>

(* A timer of the client runs, at the deadline or long after it. What the  *)
(* session still has on its way could at most make the store wait longer.  *)
TellLoss(s) ==
  /\ step[s] = "granted"
  /\ left[s] = 0
  /\ step' = [step EXCEPT ![s] = "over"]
  /\ net' = [net EXCEPT ![s] = {}]
  /\ ticked' = [ticked EXCEPT ![s] = AllTicked]
  /\ Witness("a deadline passed")
  /\ owner = s => Witness("lost before the store gave the name away")
  /\ UNCHANGED <<owner, keeps, left, sawEnd>>

-----------------------------------------------------------------------------
(* The network and the store *)

Lose(s) ==
  \E message \in net[s] :
    /\ net' = [net EXCEPT ![s] = @ \ {message}]
    /\ UNCHANGED <<owner, keeps, step, left, ticked, sawEnd>>

(* The request may stay on its way, so that it arrives again. *)
Apply(s) ==
  \E request \in net[s], stays \in BOOLEAN :
    LET answer == [kind |-> "answer", age |-> request.age]
        rest == IF stays THEN net[s] ELSE net[s] \ {request}
    IN
    /\ request.kind = "request"
    /\ owner = s \/ (owner = Nobody /\ step[s] = "waiting")
    /\ owner' = s
    /\ keeps' = TTL
    /\ net' = [net EXCEPT ![s] = rest \cup {answer}]
    /\ Cardinality(net'[s]) <= Underway
    /\ owner = Nobody /\ (\E o \in Sessions \ {s} : step[o] # "waiting") =>
         Witness("given to the next")
    /\ UNCHANGED <<step, left, ticked, sawEnd>>

(* A server that has lost touch with its quorum still answers. *)
Acknowledge(s) ==
  /\ Proof = "received"
  /\ step[s] # "waiting"
  /\ \E request \in net[s] :
       /\ request.kind = "request"
       /\ net' = [net EXCEPT ![s] =
            (@ \ {request}) \cup {[kind |-> "answer", age |-> request.age]}]
  /\ UNCHANGED <<owner, keeps, step, left, ticked, sawEnd>>

(* At the promised moment at the earliest; there is no latest. *)
Expire ==
  /\ owner # Nobody
  /\ keeps = 0
  /\ owner' = Nobody
  /\ UNCHANGED <<keeps, step, left, net, ticked, sawEnd>>

-----------------------------------------------------------------------------
Next ==
  \/ Tick
  \/ \E s \in Sessions :
       \/ SendRequest(s) \/ TakeAnswer(s) \/ TellLoss(s)
       \/ Lose(s) \/ Apply(s) \/ Acknowledge(s)
  \/ Expire

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Sessions)

-----------------------------------------------------------------------------
(* What must hold *)

(* No two sessions hold at the same instant. *)
OneHolder == Cardinality({s \in Sessions : Held(s)}) <= 1

(* Whoever holds has the store's promise: a loss shows before the name can *)
(* be given away.                                                          *)
HeldIsPromised == \A s \in Sessions : Held(s) => owner = s

(* Nobody who saw a lease end sees it held again. *)
EndIsFinal == \A s \in Sessions : sawEnd[s] => ~Held(s)
=============================================================================
