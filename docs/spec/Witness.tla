------------------------------ MODULE Witness ------------------------------
(***************************************************************************)
(* Shows that something did happen in a model, so that a property does not *)
(* hold merely because nothing ever comes near to breaking it. The build   *)
(* fails if an expected witness is missing.                                *)
(***************************************************************************)
EXTENDS Sequences, TLC

ASSUME TLCSet(1, {})

(* Stands last in an action. It is TRUE, and TLC prints the name the first *)
(* time that it gets there (once for each worker).                         *)
Witness(name) ==
  IF name \in TLCGet(1)
    THEN TRUE
    ELSE /\ TLCSet(1, TLCGet(1) \cup {name})
         /\ PrintT("witness: " \o name)
=============================================================================
