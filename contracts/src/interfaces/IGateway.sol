// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILanes} from "./ILanes.sol";
import {WorkSend} from "./PayloadTypes.sol";

/// @notice A bridge protocol, or both. The number is also the release policy that names it (see {Statement}); its
/// bits are a set.
enum Transport {
    NONE,
    CCIP,
    LAYER_ZERO,
    BOTH
}

/// @notice What a statement says.
/// - `HELLO`, `ECHO`, `CONFIRM`: the round trip that opens a lane.
/// - `WORKS`: works travel.
/// - `STATE`: the current revision of a work, from home to a mirror.
/// - `REGISTRY_STATE`: the current revision of the registry's own state, from home to a mirror.
/// - `VOID`: a statement that came the other way will never be applied; its source gives back what it carried.
/// - `LICENCE`: from one licence book to another.
enum Kind {
    HELLO,
    ECHO,
    CONFIRM,
    WORKS,
    STATE,
    REGISTRY_STATE,
    VOID,
    LICENCE
}

/// @notice The content of one cross-chain message, the same whichever transport carries it. A message is
/// `abi.encode(Statement)`; its digest is
/// keccak256(abi.encode(TYPEHASH_V1, registryId, srcChainHash, srcGateway, dstChainHash, dstGateway, nonce, kind,
/// minPolicy, laneEpoch, keccak256(payload))).
/// @param registryId See {Deployment-registryId}.
/// @param srcChainHash Chain hash of the source.
/// @param srcGateway Gateway on the source, as 32 bytes.
/// @param dstChainHash Chain hash of the destination.
/// @param dstGateway Gateway on the destination, as 32 bytes.
/// @param nonce Per source Gateway and destination, from 1, shared by both transports.
/// @param kind See {Kind}.
/// @param minPolicy Release policy: 1 = ONE over CCIP, 2 = ONE over LayerZero, 3 = BOTH: released
/// once both have brought the same statement.
/// @param laneEpoch Epoch of the lanes between the two chains, from 1; another one is refused.
/// @param payload `WORKS`: abi.encode(WorkPayload[]). `STATE`: abi.encode(StatePayload). `HELLO`: empty. `ECHO`:
/// abi.encode(digest of the `HELLO`). `CONFIRM`: abi.encode(digest of the `ECHO`). `VOID`: the voided message.
/// `LICENCE`:
/// abi.encode(Grant). `REGISTRY_STATE`: abi.encode(RegistryState).
struct Statement {
    bytes32 registryId;
    bytes32 srcChainHash;
    bytes32 srcGateway;
    bytes32 dstChainHash;
    bytes32 dstGateway;
    uint64 nonce;
    Kind kind;
    uint8 minPolicy;
    uint32 laneEpoch;
    bytes payload;
}

/// @notice Works that travel together in one statement: at least one, at most {IGateway-maxWorksTo}.
struct SendRequest {
    bytes32 dstChainHash;
    Transport transport;
    WorkSend[] works;
}

/// @notice What this Gateway knows of its lanes to and from one peer over one transport.
/// @param open The round trip of this epoch is done: works and states may be sent.
/// @param heardDigest Digest of the peer's last `HELLO` or `ECHO` of this epoch, which an answer names; zero if none.
/// @param paused Nothing but voids leaves.
/// @param epoch Epoch of the lanes with the peer; zero if the chain is no peer.
struct Lane {
    bool open;
    bytes32 heardDigest;
    bool paused;
    uint32 epoch;
}

/// @title The only door of a registry to other chains.
/// @notice Makes statements, hands them to a transport, and applies those that its transports authenticated, each
/// at most once. Mirrors know only home as a peer. It has no owner, no settings and no memory: what must outlast it
/// is in {ILanes} and {ICollection}, so that a successor takes up what was addressed to it.
interface IGateway {
    /// @notice A statement is on its way. The message that carries it, which {retry} takes on the destination, is in
    /// the log of the transport's protocol in the same transaction: CCIP's `CCIPMessageSent`, LayerZero's `PacketSent`.
    event StatementSent(
        bytes32 indexed digest,
        bytes32 indexed dstChainHash,
        uint64 nonce,
        Kind kind,
        Transport transport,
        bytes32 indexed messageId
    );

    /// @notice A statement had its effect here. This event, not the bridge's success, is the evidence of it.
    event StatementApplied(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce, Kind kind);

    /// @notice An authentic statement could not be applied; its digest waits for {retry}.
    event StatementFailed(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce, bytes reason);

    /// @notice A statement came whose nonce was used before; nothing changed.
    event StatementRepeated(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce);

    /// @notice One transport has brought a statement that needs both.
    event StatementAttested(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce, Transport transport);

    /// @notice The transports contradict each other: `transport` brought this digest, another one was brought before.
    /// The nonce is used; only a void through the delayed queue ends it.
    event StatementDisputed(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce, Transport transport);

    /// @notice A statement came that is on hold, or over the lane's limit; its digest waits for {releaseStatement}.
    event StatementHeld(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce);

    /// @notice The round trip with `chainHash` over `transport` is done on this side.
    event LaneOpened(bytes32 indexed chainHash, Transport indexed transport);

    /// @notice Only the home chain does this.
    error NotHome(bytes32 localChainHash);

    /// @notice Only the Gateway's transports deliver.
    error NotTransport(address caller);

    /// @notice The registry has no such transport.
    error TransportUnused(Transport transport);

    /// @notice Only the Gateway itself calls this.
    error NotSelf(address caller);

    /// @notice The chain changed its id under this contract (a fork); it sends no more.
    error ChainIdChanged(uint256 expected, uint256 actual);

    /// @notice Not one of the three kinds that open a lane.
    error NotHandshake(Kind kind);

    /// @notice The peer has said nothing on this lane that could be answered.
    error NothingToAnswer(bytes32 chainHash, Transport transport);

    /// @notice A statement carries at least one work, and no more than fit into a message of the lane.
    error WorksPerStatement(uint256 count, uint256 most);

    /// @notice The registry has no component for such statements.
    error KindUnknown(Kind kind);

    /// @notice The statement was not voided here, so its source must not take it back.
    error StatementNotVoided(bytes32 digest);

    /// @notice The retired chain's last owners, as its retirement named them, do not have this work and holder.
    error ClaimUnproven(bytes32 chainHash, uint256 workId, address holder);

    /// @notice Receiver or fallback is no address that could hold a work there.
    error InvalidRecipient(bytes32 recipient);

    /// @notice The work has no revision that could be stated.
    error RevisionNotStated(uint256 workId);

    /// @notice The permit's deadline (Unix time in seconds) has passed.
    error PermitExpired(uint256 deadline);

    /// @notice The signature is not the holder's over this request.
    error PermitInvalid(address holder);

    /// @notice Delivered with less gas than the kind needs; the transport keeps the message for another try.
    error GasBelowFloor(uint256 required, uint256 available);

    /// @notice Sends works that the caller holds or is approved for. The money sent along pays the transport; the
    /// excess comes back.
    /// @return digest Digest of the statement.
    function sendWorks(SendRequest calldata request) external payable returns (bytes32 digest);

    /// @notice Sends works by the holder's EIP-712 permit (or EIP-1271); the caller pays. The permit binds every
    /// field of the request, so its hop lets it move the works once.
    /// Type: `SendWorks(bytes32 dstChainHash,uint8 transport,WorkSend[] works,address holder,uint256 deadline)`
    /// `WorkSend(uint256 workId,bytes32 documentHash,uint64 hop,bytes32 to,bytes32 fallbackTo)`;
    /// domain: name `Colophon Gateway`, version `1`, this chain id, this contract.
    /// @param holder The signer: holder of the works or approved for them.
    /// @param deadline Unix time in seconds, inclusive.
    function sendWorksWithPermit(
        SendRequest calldata request,
        address holder,
        uint256 deadline,
        bytes calldata signature
    ) external payable returns (bytes32 digest);

    /// @notice Home only: states the current revision of a work to a mirror. Anyone may pay for it.
    function sendState(
        bytes32 dstChainHash,
        Transport transport,
        uint256 workId
    ) external payable returns (bytes32 digest);

    /// @notice Home only: states the registry's own state to a mirror. Anyone may pay for it.
    function sendRegistryState(bytes32 dstChainHash, Transport transport) external payable returns (bytes32 digest);

    /// @notice Anyone: states a grant of the registry's licence book to the licence book of a peer.
    function sendLicence(
        bytes32 dstChainHash,
        Transport transport,
        bytes32 grantId
    ) external payable returns (bytes32 digest);

    /// @notice Anyone: tells the source that a statement was voided here, so that its works go back to the holders
    /// that they left. Repeating it is harmless. Passes paused lanes, and needs no open one.
    /// @param message The voided statement, as its source sent it: see {StatementSent}.
    function sendVoid(bytes calldata message, Transport transport) external payable returns (bytes32 digest);

    /// @notice Home only, anyone: says `HELLO` to a mirror. Repeating it is harmless.
    function openLane(bytes32 dstChainHash, Transport transport) external payable returns (bytes32 digest);

    /// @notice Mirror, anyone: answers home's last `HELLO` with an `ECHO`.
    function answerLane(bytes32 dstChainHash, Transport transport) external payable returns (bytes32 digest);

    /// @notice Home, anyone: answers the mirror's last `ECHO` with a `CONFIRM`.
    function confirmLane(bytes32 dstChainHash, Transport transport) external payable returns (bytes32 digest);

    /// @notice Transports only: takes a message from the peer on `srcChainHash`. A used nonce changes nothing. Too
    /// little gas reverts. Otherwise the nonce is used, and a statement that cannot be applied waits for {retry}, or,
    /// if it is on hold or over the lane's limit, for {releaseStatement}.
    /// @dev Lanes need not be open for what arrives: the transport authenticated it, home may speak before its
    /// `CONFIRM` arrives, and a refusal could only strand a work.
    function deliver(bytes32 srcChainHash, bytes calldata message) external;

    /// @notice Anyone: applies a statement that failed before.
    /// @param message The statement, as its source sent it: see {StatementSent}.
    function retry(bytes calldata message) external;

    /// @notice Anyone: applies a statement that was on hold, or over the lane's limit, when it arrived: once the hold
    /// is over and the limit lets it pass.
    function releaseStatement(bytes calldata message) external;

    /// @notice Anyone, home only in effect: gives a work that was on a retired chain to its last owner there.
    /// @param proof Merkle proof by the root that {ILanes-retireChain} named.
    function claimRetired(bytes32 chainHash, uint256 workId, address holder, bytes32[] calldata proof) external;

    /// @notice The Gateway itself only; external so that a failure can be caught.
    function applyStatement(Statement calldata statement, bytes32 digest) external;

    /// @notice What {sendWorks} would cost now, and exactly what it would send, for quoting by other means.
    /// @return feeWei Price in wei.
    /// @return message Encoded statement, with the nonce that is next now.
    /// @return gasLimit Gas for its delivery.
    function quoteWorks(SendRequest calldata request)
        external
        view
        returns (uint256 feeWei, bytes memory message, uint256 gasLimit);

    /// @notice As {quoteWorks}, for {sendState}.
    function quoteState(
        bytes32 dstChainHash,
        Transport transport,
        uint256 workId
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit);

    /// @notice As {quoteWorks}, for the next handshake statement from this side.
    /// @param kind `HELLO`, `ECHO` or `CONFIRM`.
    function quoteLane(
        bytes32 dstChainHash,
        Transport transport,
        Kind kind
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit);

    /// @notice As {quoteWorks}, for {sendRegistryState}.
    function quoteRegistryState(
        bytes32 dstChainHash,
        Transport transport
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit);

    /// @notice As {quoteWorks}, for {sendLicence}.
    function quoteLicence(
        bytes32 dstChainHash,
        Transport transport,
        bytes32 grantId
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit);

    /// @notice As {quoteWorks}, for {sendVoid}.
    /// @param voided The `message` of the voided statement.
    function quoteVoid(
        bytes calldata voided,
        Transport transport
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit);

    /// @notice Digest of an encoded statement.
    function digestOf(bytes calldata message) external pure returns (bytes32);

    /// @notice See {Lane}.
    function laneOf(bytes32 chainHash, Transport transport) external view returns (Lane memory);

    /// @notice Works that one statement to a chain can carry, by the limits of its transports.
    function maxWorksTo(bytes32 dstChainHash, Transport transport) external view returns (uint256);

    /// @notice Where nonces, lanes and what waits are kept.
    function lanes() external view returns (ILanes);

    /// @notice The contract of a transport; zero if the registry has none.
    function transportAt(Transport transport) external view returns (address);

    /// @notice The works of this registry here.
    function collection() external view returns (address);

    /// @notice See {Deployment-registryId}.
    function registryId() external view returns (bytes32);

    /// @notice Chain hash of this chain.
    function localChainHash() external view returns (bytes32);

    /// @notice Chain hash of the chain that mints.
    function homeChainHash() external view returns (bytes32);

    /// @notice Gas that a statement of a kind, with so many works, asks for on its destination.
    function gasLimitOf(Kind kind, uint256 works) external pure returns (uint256);
}
