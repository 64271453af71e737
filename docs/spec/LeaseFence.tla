---------------------------- MODULE LeaseFence -----------------------------
(***************************************************************************)
(* A lease with fencing tokens, without any clock.                         *)
(*                                                                         *)
(* Clients want one name. They enter a queue in the store, the first in it *)
(* holds, and the holder writes to a resource that is not the store. The   *)
(* store may end a session at any moment, and nobody tells the client. A   *)
(* client may go on for ever after that, may stop at any moment, and may   *)
(* enter again. So whatever holds here needs no assumption about time.     *)
(*                                                                         *)
(* Messages wait in `net` until they are delivered: in any order, twice    *)
(* (that is a duplicate, and also a client that sends again), or never     *)
(* (that is a loss). Answers are no messages: a late answer looks like a   *)
(* client that is slow to act on it, and a lost answer like one that never *)
(* acts. What a request proves therefore reaches its client in the step    *)
(* that proves it, if that client still wants it.                          *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC, Witness

CONSTANTS
  Clients,   \* the processes that want the name
  Attempts,  \* how often they may enter the queue, all together
  Writes,    \* how many writes each may send in one tenure
  Twice,     \* the kinds of messages that may arrive twice
  Guard,     \* the resource's check: "none", "owner", "token" or "entry"
  Seal,      \* raise the mark "before" the first read, "after" it, or "never"
  Once,      \* how a write that comes twice is told: "no", "sequence" or "version"
  Patient,   \* TRUE if a holder goes on only when its last write was answered
  Tokens,    \* a token is the store's "revision", or a count that "restarts"
  Grant,     \* a waiter is granted when "alone", or on any "departure"
  Release    \* a release removes one's "own" entry, or the "head" of the queue

Kinds == {"enqueue", "remove", "seal", "write"}

ASSUME /\ Twice \subseteq Kinds
       /\ Guard \in {"none", "owner", "token", "entry"}
       /\ Seal \in {"before", "after", "never"}
       /\ Once \in {"no", "sequence", "version"}
       /\ Patient \in BOOLEAN
       /\ Tokens \in {"revision", "restarts"}
       /\ Grant \in {"alone", "departure"}
       /\ Release \in {"own", "head"}

VARIABLES
  revision,  \* the store's counter of writes
  entries,   \* the queue: the entries that stand in the store
  ended,     \* the sessions that the store has ended; one session for each attempt
  granted,   \* the greatest token that anybody was granted so far
  client,    \* what each client knows and does
  net,       \* the messages on their way
  mark,      \* the greatest token that the resource has seen
  row        \* the guarded data, as the last applied write left it

vars == <<revision, entries, ended, granted, client, net, mark, row>>

Max(numbers) == CHOOSE n \in numbers : \A other \in numbers : n >= other

Outside(attempt) ==
  [step |-> "out", attempt |-> attempt, floor |-> 0, token |-> 0, ahead |-> {},
   sealed |-> FALSE, base |-> 0, sent |-> 0]

Init ==
  /\ revision = 0
  /\ entries = {}
  /\ ended = {}
  /\ granted = 0
  /\ client = [c \in Clients |-> Outside(0)]
  /\ net = {}
  /\ mark = 0
  /\ row = [version |-> 0, base |-> 0, token |-> 0, sequence |-> 0]

-----------------------------------------------------------------------------
(* Messages *)

Session(c) == <<c, client[c].attempt>>

(* What arrives for a session that the store has ended does nothing. Such  *)
(* a message is left out, which is the same as its loss.                   *)
IsForStore(message) == message.kind \in {"enqueue", "remove"}

Send(message) ==
  net' = IF IsForStore(message) /\ message.session \in ended
           THEN net
           ELSE net \cup
             {[message |-> message, left |-> IF message.kind \in Twice THEN 2 ELSE 1]}

(* One copy of a packet arrives; others of it may be on their way. *)
Taken(packet) ==
  (net \ {packet}) \cup
    (IF packet.left > 1 THEN {[packet EXCEPT !.left = @ - 1]} ELSE {})

-----------------------------------------------------------------------------
(* The client's way through the queue *)

Living(session) == {e \in entries : e.session = session}

Holding(c) == client[c].step \in {"granted", "sealing", "ready", "read", "awaiting", "refused"}

Enter(c) ==
  /\ client[c].step = "out"
  /\ Cardinality({s \in Clients \X (1..Attempts) : s[2] <= client[s[1]].attempt}) < Attempts
  /\ client' = [client EXCEPT ![c] =
       [Outside(client[c].attempt + 1) EXCEPT !.step = "entering", !.floor = granted]]
  /\ Send([kind |-> "enqueue", session |-> <<c, client[c].attempt + 1>>])
  /\ UNCHANGED <<revision, entries, ended, granted, mark, row>>

(* The client has its entry, and these are ahead of it. *)
Placed(c, token, ahead) ==
  /\ client' = [client EXCEPT ![c].token = token,
                              ![c].ahead = ahead,
                              ![c].step = IF ahead = {} THEN "granted" ELSE "waiting"]
  /\ granted' = IF ahead = {} THEN Max({granted, token}) ELSE granted
  /\ ahead = {} /\ client[c].attempt > 1 => Witness("elected again")

(* The entry that the waiter watches is gone. If it was not the only one   *)
(* ahead, the queue is read again. Once gone it stays gone, and nobody can *)
(* come in ahead: an old view shows too many ahead, never too few.         *)
Departure(c) ==
  LET neighbour == CHOOSE e \in client[c].ahead : \A o \in client[c].ahead : e.token >= o.token
      readAgain == {e \in entries : e.token < client[c].token}
  IN
  /\ client[c].step = "waiting"
  /\ neighbour \notin entries
  /\ IF client[c].ahead = {neighbour} \/ Grant = "departure"
       THEN Placed(c, client[c].token, {}) /\ Witness("granted after waiting")
     ELSE IF Living(Session(c)) = {}
       THEN /\ client' = [client EXCEPT ![c] = Outside(@.attempt)]
            /\ UNCHANGED granted
     ELSE Placed(c, client[c].token, readAgain)
  /\ UNCHANGED <<revision, entries, ended, net, mark, row>>

(* Released, timed out, cancelled, past the deadline, or told of the loss. *)
(* The removal may arrive much later, or never.                            *)
Leave(c) ==
  /\ client[c].step # "out"
  /\ client' = [client EXCEPT ![c] = Outside(@.attempt)]
  /\ Send([kind |-> "remove", session |-> Session(c)])
  /\ UNCHANGED <<revision, entries, ended, granted, mark, row>>

-----------------------------------------------------------------------------
(* The store *)

NextToken ==
  IF Tokens = "revision"
    THEN revision + 1
    ELSE 1 + Max({0} \cup {e.token : e \in entries})

Enqueue == \E packet \in net :
  LET session == packet.message.session
      c == session[1]
      isWanted == client[c].step = "entering" /\ Session(c) = session
  IN
  /\ packet.message.kind = "enqueue"
  /\ net' = Taken(packet)
  /\ IF Living(session) # {}
       THEN UNCHANGED <<revision, entries, client, granted>>
       ELSE /\ revision' = revision + 1
            /\ entries' = entries \cup {[session |-> session, token |-> NextToken]}
            /\ IF isWanted
                 THEN Placed(c, NextToken, entries)
                 ELSE /\ UNCHANGED <<client, granted>>
                      /\ Witness("an entry that nobody wants any more")
  /\ UNCHANGED <<ended, mark, row>>

Remove == \E packet \in net :
  /\ packet.message.kind = "remove"
  /\ net' = Taken(packet)
  /\ entries' = entries \
       (IF Release = "own"
          THEN Living(packet.message.session)
          ELSE {e \in entries : \A o \in entries : e.token <= o.token})
  /\ UNCHANGED <<revision, ended, granted, client, mark, row>>

Expire == \E entry \in entries :
  /\ entries' = entries \ {entry}
  /\ ended' = ended \cup {entry.session}
  /\ net' = {p \in net : ~(IsForStore(p.message) /\ p.message.session = entry.session)}
  /\ UNCHANGED <<revision, granted, client, mark, row>>

-----------------------------------------------------------------------------
(* The holder's work: raise the mark, read, write, and again *)

Advance(c, from, to) ==
  /\ client[c].step = from
  /\ client' = [client EXCEPT ![c].step = to]

SendSeal(c) ==
  /\ Writes > 0
  /\ CASE Seal = "before" -> Advance(c, "granted", "sealing")
       [] Seal = "after"  -> ~client[c].sealed /\ Advance(c, "read", "sealing")
       [] Seal = "never"  -> FALSE
  /\ Send([kind |-> "seal", session |-> Session(c), token |-> client[c].token])
  /\ UNCHANGED <<revision, entries, ended, granted, mark, row>>

Read(c) ==
  /\ client[c].step = "ready" \/ (client[c].step = "granted" /\ Seal # "before")
  /\ client[c].sent < Writes
  /\ client' = [client EXCEPT ![c].step = "read", ![c].base = row.version]
  /\ UNCHANGED <<revision, entries, ended, granted, net, mark, row>>

SendWrite(c) ==
  LET sequence == client[c].sent + 1 IN
  /\ client[c].step = "read"
  /\ Seal = "after" => client[c].sealed
  /\ client' = [client EXCEPT ![c].step = "awaiting", ![c].sent = sequence]
  /\ Send([kind |-> "write", session |-> Session(c), token |-> client[c].token,
           sequence |-> sequence, base |-> client[c].base])
  /\ UNCHANGED <<revision, entries, ended, granted, mark, row>>

(* The outcome of its last write is unknown, and it goes on regardless. *)
GoOn(c) ==
  /\ ~Patient
  /\ client[c].sent < Writes
  /\ Advance(c, "awaiting", "ready")
  /\ UNCHANGED <<revision, entries, ended, granted, net, mark, row>>

-----------------------------------------------------------------------------
(* The resource. Each check and what follows from it are one step. *)

(* An answer to the holder, if it still waits for it. *)
Answer(session, from, to) ==
  LET c == session[1] IN
  client' = IF client[c].step = from /\ Session(c) = session
              THEN [client EXCEPT ![c].step = to, ![c].sealed = @ \/ from = "sealing"]
              ELSE client

AdmitSeal == \E packet \in net :
  LET seal == packet.message IN
  /\ seal.kind = "seal"
  /\ net' = Taken(packet)
  /\ IF seal.token >= mark
       THEN /\ mark' = seal.token
            /\ Answer(seal.session, "sealing", IF Seal = "before" THEN "ready" ELSE "read")
       ELSE /\ UNCHANGED mark
            /\ Answer(seal.session, "sealing", "refused")
            /\ Witness("a stale seal refused")
  /\ UNCHANGED <<revision, entries, ended, granted, row>>

Admits(write) ==
  CASE Guard = "none"  -> TRUE
    [] Guard = "owner" -> \E e \in entries : /\ e.session[1] = write.session[1]
                                             /\ \A o \in entries : e.token <= o.token
    [] Guard = "token" -> write.token >= mark
    [] Guard = "entry" -> \E e \in Living(write.session) : e.token = write.token

IsNew(write) ==
  CASE Once = "no"       -> TRUE
    [] Once = "sequence" -> \/ write.token > row.token
                            \/ write.token = row.token /\ write.sequence > row.sequence
    [] Once = "version"  -> write.base = row.version

AdmitWrite == \E packet \in net :
  LET write == packet.message IN
  /\ write.kind = "write"
  /\ net' = Taken(packet)
  /\ IF ~Admits(write)
       THEN /\ UNCHANGED <<mark, row>>
            /\ Answer(write.session, "awaiting", "refused")
            /\ Witness("a stale write refused")
            /\ IF \E o \in entries : o.session[1] = write.session[1] /\ o.session # write.session
                 THEN Witness("an old write of the present holder refused")
                 ELSE TRUE
     ELSE IF ~IsNew(write)
       THEN /\ UNCHANGED <<mark, row>>
            /\ Answer(write.session, "awaiting", "ready")
            /\ Witness("a repeated write left out")
       ELSE /\ mark' = Max({mark, write.token})
            /\ row' = [version |-> row.version + 1, base |-> write.base,
                       token |-> write.token, sequence |-> write.sequence]
            /\ Answer(write.session, "awaiting", "ready")
            /\ row.token \notin {0, write.token} => Witness("two tenures wrote")
  /\ UNCHANGED <<revision, entries, ended, granted>>

-----------------------------------------------------------------------------
Next ==
  \/ \E c \in Clients :
       \/ Enter(c) \/ Departure(c) \/ Leave(c)
       \/ SendSeal(c) \/ Read(c) \/ SendWrite(c) \/ GoOn(c)
  \/ Enqueue \/ Remove \/ Expire
  \/ AdmitSeal \/ AdmitWrite

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Clients)

-----------------------------------------------------------------------------
(* What must hold *)

(* A token is greater than every one granted before it was asked for. *)
TokensGrow == \A c \in Clients : Holding(c) => client[c].token > client[c].floor

(* At most one holder has an entry that still stands in the store. *)
OneLivingHolder ==
  Cardinality({c \in Clients : Holding(c) /\ Living(Session(c)) # {}}) <= 1

(* Nobody but its own client, or the end of its session, removes a holder's entry. *)
EntryStands ==
  \A c \in Clients : Holding(c) => Living(Session(c)) # {} \/ Session(c) \in ended

(* After the resource has seen a token, no write with a smaller one is applied. *)
FenceOrder == [][row' # row => row'.token >= mark]_<<row, mark>>

(* No write is applied over an update that its sender had not read. *)
NoLostUpdate == [][row' # row => row'.base = row.version]_row
=============================================================================
