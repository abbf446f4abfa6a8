// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGatewayUser} from "./IGatewayUser.sol";
import {Kind, Lane, Transport} from "./IGateway.sol";
import {Limit} from "./IRegistryFactory.sol";

/// @notice What arrived, without its payload. See {Statement}.
/// @param digest Digest of the statement.
/// @param srcChainHash Chain from which the transport, by its own authentication, has it.
/// @param srcGateway Who made the statement, as it says.
/// @param dstGateway Whom the statement addresses, as it says.
/// @param nonce See {Statement}.
/// @param laneEpoch See {Statement}.
/// @param kind See {Kind}.
/// @param minPolicy See {Statement}.
/// @param transport Which transport brought it.
/// @param works Number of works that it carries.
struct Arrival {
    bytes32 digest;
    bytes32 srcChainHash;
    bytes32 srcGateway;
    bytes32 dstGateway;
    uint64 nonce;
    uint32 laneEpoch;
    Kind kind;
    uint8 minPolicy;
    Transport transport;
    uint256 works;
}

/// @notice What becomes of an arrival.
/// - `APPLY`: its nonce is used; apply it now.
/// - `REPEATED`: came before; nothing changed.
/// - `ATTESTED`: `BOTH`, and the other transport has not brought it yet.
/// - `DISPUTED`: the transports brought two different statements with this nonce, which is used; only a void ends it.
/// - `WAITING`: its nonce is used; it is on hold, or over the lane's limit, until it is released.
enum Verdict {
    APPLY,
    REPEATED,
    ATTESTED,
    DISPUTED,
    WAITING
}

/// @notice What waits under a digest.
/// - `NONE`: nothing: never seen, or applied.
/// - `FAILED`: its application failed.
/// - `WAITING`: it was on hold, or over the limit, when it arrived.
/// - `VOIDED`: never to be applied; its source may give back what it carried.
enum Status {
    NONE,
    FAILED,
    WAITING,
    VOIDED
}

/// @notice What a statement says because of its place among the others to a peer. See {Statement}.
struct NextStatement {
    uint64 nonce;
    uint32 laneEpoch;
    bytes32 dstGateway;
}

/// @title What a registry knows of its lanes: which nonces are used, what may pass, what waits.
/// @notice Outlives the Gateway, so that no nonce is used twice whichever contract is the door. The Gateway asks
/// before each statement that leaves or arrives. Owner and guardian are those of the collection; what the queue does
/// takes its delay ({IDelayedQueue}).
interface ILanes is IGatewayUser {
    /// @notice Statements of works, states and licences to or from the chain need at least these transports.
    event RequiredPolicyRaised(bytes32 indexed chainHash, Transport policy);

    /// @notice Nothing but voids leaves on this lane.
    event LanePaused(bytes32 indexed chainHash, Transport indexed transport, address by);

    /// @notice Statements leave on this lane again.
    event LaneResumed(bytes32 indexed chainHash, Transport indexed transport, address by);

    /// @notice The guardian holds a statement, that came or may come, until `heldUntil` (Unix time in seconds).
    event HoldPlaced(bytes32 indexed digest, uint64 heldUntil);

    /// @notice The guardian ended its hold.
    event HoldEnded(bytes32 indexed digest);

    /// @notice A token bucket was set, and is full.
    event LimitChanged(bytes32 indexed chainHash, bool indexed inbound, uint32 capacity, uint32 perDay);

    /// @notice The nonce is used for ever, the statement will never be applied here; {IGateway-sendVoid} tells its
    /// source.
    event StatementVoided(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce);

    /// @notice Statements with a smaller epoch are refused; all lanes with the chain need a new round trip.
    event EpochRaised(bytes32 indexed chainHash, uint32 epoch);

    /// @notice Nothing comes from the chain or goes there any more; its last owners, by this Merkle root, may claim.
    event ChainRetiredForEver(bytes32 indexed chainHash, bytes32 ownersRoot);

    /// @notice The peer has another Gateway. What its predecessors made is still taken.
    event PeerGatewayReplaced(bytes32 indexed chainHash, bytes32 previous, bytes32 current);

    /// @notice Only the registry's Gateway asks.
    error NotGateway(address caller);

    /// @notice The caller has not the role that this needs.
    error Unauthorized(address caller);

    /// @notice The chain is no peer of this one: unknown, this one itself, or another mirror.
    error NotPeer(bytes32 chainHash);

    /// @notice Only the home chain does this.
    error NotHome();

    /// @notice The chain is retired.
    error ChainRetired(bytes32 chainHash);

    /// @notice Not one or both of the transports.
    error PolicyUnknown(uint8 policy);

    /// @notice No finished round trip on this lane under the present epoch.
    error LaneNotOpen(bytes32 chainHash, Transport transport);

    /// @notice The lane is paused.
    error LaneIsPaused(bytes32 chainHash, Transport transport);

    /// @notice The lane requires more transports than the statement has.
    error PolicyTooWeak(Transport required, Transport policy);

    /// @notice A required policy is only ever raised.
    error PolicyNotRaised(Transport required, Transport policy);

    /// @notice The statement is of another epoch.
    error EpochMismatch(uint32 expected, uint32 actual);

    /// @notice The statement is not from a Gateway of the peer, or not for one of this registry here.
    error StatementMisdirected(bytes32 digest);

    /// @notice The statement's policy does not name the transport that brought it.
    error PolicyNotMet(uint8 minPolicy, Transport transport);

    /// @notice Too few works may pass now.
    error LimitExceeded(bytes32 chainHash, uint256 works, uint256 available);

    /// @notice The statement does not wait in this way.
    error StatementNotWaiting(bytes32 digest, Status status);

    /// @notice The guardian holds the statement.
    error StatementOnHold(bytes32 digest, uint64 heldUntil);

    /// @notice A hold is placed once per statement.
    error AlreadyHeld(bytes32 digest);

    /// @notice No hold runs.
    error NotHeld(bytes32 digest);

    /// @notice A hold is longer than {MAX_HOLD}, or no time at all.
    error HoldTooLong(uint64 seconds_);

    /// @notice The statement with this nonce was applied, or another one with it waits here.
    error NonceNotVoidable(bytes32 srcChainHash, uint64 nonce);

    /// @notice A root of zero would let nobody claim.
    error OwnersRootZero();

    /// @notice The peer answers a statement that was not made on this lane.
    error HandshakeUnknown(bytes32 digest);

    /// @notice Gateway only: takes the next nonce to a chain, if such a statement may leave now.
    function beginSend(
        bytes32 dstChainHash,
        Transport policy,
        Kind kind,
        uint256 works
    ) external returns (NextStatement memory);

    /// @notice Gateway only: remembers a handshake statement, so that the peer's answer is recognised.
    function rememberHandshake(bytes32 dstChainHash, Transport transport, bytes32 digest) external;

    /// @notice Gateway only: decides what becomes of an arrival, and uses its nonce. Reverts for what is not from the
    /// peer, or may come later by another try of its transport.
    function admit(Arrival calldata arrival) external returns (Verdict);

    /// @notice Gateway only: the application of an admitted statement failed.
    function markFailed(bytes32 digest, bytes32 srcChainHash, uint64 nonce) external;

    /// @notice Gateway only: a statement that waits may be applied now; it waits no more.
    /// @param expected `FAILED` or `WAITING`.
    function resume(bytes32 digest, bytes32 srcChainHash, Status expected, uint256 works) external;

    /// @notice Gateway only: takes a peer's `HELLO`, `ECHO` or `CONFIRM`.
    /// @param answered Digest that an `ECHO` or `CONFIRM` answers.
    /// @return opened True if this opened the lane.
    function hear(
        bytes32 srcChainHash,
        Transport transport,
        Kind kind,
        bytes32 digest,
        bytes32 answered
    ) external returns (bool opened);

    /// @notice Owner only, at once, never back: statements to and from a chain, other than handshakes, need at least
    /// these transports. What is on its way under less will be refused; it can be voided and given back.
    function raiseRequiredPolicy(bytes32 chainHash, Transport policy) external;

    /// @notice Guardian or owner: nothing but voids leaves on a lane.
    function pauseLane(bytes32 chainHash, Transport transport) external;

    /// @notice Guardian or owner: takes back {pauseLane}.
    function resumeLane(bytes32 chainHash, Transport transport) external;

    /// @notice Guardian only: holds one statement, before or after it arrives. Once, for at most {MAX_HOLD}; then
    /// anyone may release it.
    function holdStatement(bytes32 digest, uint64 seconds_) external;

    /// @notice Guardian only: ends a hold early.
    function endHold(bytes32 digest) external;

    /// @notice Queue only: sets a token bucket, full.
    function setLimit(bytes32 chainHash, bool inbound, Limit calldata limit) external;

    /// @notice Queue only: makes a nonce of a peer unusable, if no statement with it was applied. A nonce that was
    /// voided under a wrong digest may be voided again under the right one.
    function voidStatement(bytes32 srcChainHash, uint64 nonce, bytes32 digest) external;

    /// @notice Queue only, home only: begins a new epoch with a chain. Its mirror learns of it by the next `HELLO`.
    function raiseEpoch(bytes32 chainHash) external;

    /// @notice Queue only, home only: gives a dead chain up for ever.
    /// @param ownersRoot Merkle root over its last owners; leaves are
    /// keccak256(bytes.concat(keccak256(abi.encode(chainHash, workId, holder)))).
    function retireChain(bytes32 chainHash, bytes32 ownersRoot) external;

    /// @notice Queue only: makes statements for, and takes statements of, another Gateway of a peer.
    function setPeerGateway(bytes32 chainHash, bytes32 current) external;

    /// @notice What the next statement to a peer will say. Reverts with {NotPeer}.
    function nextTo(bytes32 dstChainHash) external view returns (NextStatement memory);

    /// @notice See {Lane}.
    function laneOf(bytes32 chainHash, Transport transport) external view returns (Lane memory);

    /// @notice The peer's Gateway, as 32 bytes; zero if the chain is no peer.
    function peerOf(bytes32 chainHash) external view returns (bytes32);

    /// @notice Whether the contract is, or was before its replacement, the registry's Gateway here.
    function isOwnGateway(bytes32 account) external view returns (bool);

    /// @notice Whether a nonce of a peer is used.
    function isConsumed(bytes32 srcChainHash, uint64 nonce) external view returns (bool);

    /// @notice See {Status}.
    function statusOf(bytes32 digest) external view returns (Status);

    /// @notice Whether this nonce of this source was voided under this digest. A digest alone says nothing: the queue
    /// may have named one that does not belong to the nonce.
    function isVoided(bytes32 digest, bytes32 srcChainHash, uint64 nonce) external view returns (bool);

    /// @notice Until when the guardian holds a statement; zero if it never did.
    function heldUntil(bytes32 digest) external view returns (uint64);

    /// @notice Transports that statements to and from a chain need; `NONE` for any one.
    function requiredPolicyOf(bytes32 chainHash) external view returns (Transport);

    /// @notice Works that may pass now; `type(uint256).max` without a limit.
    function availableWorks(bytes32 chainHash, bool inbound) external view returns (uint256);

    /// @notice The token bucket of works to (outbound) or from (inbound) a chain; zeros without a limit.
    function limitOf(bytes32 chainHash, bool inbound) external view returns (Limit memory);

    /// @notice Merkle root of a retired chain's last owners; zero if the chain is not retired.
    function ownersRootOf(bytes32 chainHash) external view returns (bytes32);

    /// @notice The longest hold, in seconds.
    function MAX_HOLD() external view returns (uint64);
}
