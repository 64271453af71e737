/**
 * Fencing tokens checked at the resource: guards that refuse a write of a former holder, however
 * late it arrives.
 *
 * <p>A lease cannot do this. A process may be paused, or a packet delayed, between the last look at
 * the lease and the write; only the resource itself can tell then that somebody newer has been
 * there. A guard keeps the greatest {@link io.tenure.FencingToken} that a resource has seen, its
 * <em>high-water mark</em>, and refuses every smaller one.
 *
 * <h2>Why the owner's identity is not enough</h2>
 *
 * <p>One process is enough to fool a check of identity. A leads with token 1 and sends the write
 * W1, which is delayed on the way. A loses the lead and wins it again, now with token 2, and W2 is
 * applied. Now W1 arrives. "Is A the leader?" - yes, so W1 overwrites W2. A token names one tenure
 * and not a process: W1 still carries 1, and is refused. With another leader in between, who does
 * not matter to the guard, it is the same.
 *
 * <h2>Seal before read</h2>
 *
 * <p>A new holder that reads, computes and then writes must raise the mark <em>before</em> it
 * reads. If the first thing that the resource sees of token 2 is the write, a delayed write of
 * token 1 may still be applied between the read and that write, and is then overwritten by a result
 * that never knew of it: a lost update, although no stale token was ever accepted.
 *
 * <h2>Once</h2>
 *
 * <p>Equal tokens are admitted, because one holder writes many times. So a token alone does not
 * tell a retry from a second write. Let the sender number its writes under each token, and admit
 * with the number: a write that is retried or duplicated is then applied at most once.
 *
 * <h2>Requests to other services</h2>
 *
 * <p>A holder sends its {@link io.tenure.fencing.FencingClaim} with each request, and the receiver
 * checks it with a {@link io.tenure.fencing.FencingVerifier}.
 *
 * <h2>What cannot be guarded</h2>
 *
 * <p>A resource that cannot check and write in one step, and a write that does not pass the guard.
 *
 * <p>All tokens of one resource must come from one name in one store. After that store was restored
 * from a backup or replaced, raise the generation of its tokens, or a mark from before refuses the
 * new holders.
 */
@NullMarked
package io.tenure.fencing;

import org.jspecify.annotations.NullMarked;
