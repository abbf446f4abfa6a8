// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {WorkSend} from "./PayloadTypes.sol";

/// @notice A bridge protocol. The number is also the release policy `ONE` that names it (see {Statement}).
enum Transport {
    NONE,
    CCIP,
    LAYER_ZERO
}

/// @notice What a statement says.
/// - `HELLO`, `ECHO`, `CONFIRM`: the round trip that opens a lane.
/// - `WORKS`: works travel.
/// - `STATE`: the current revision of a work, from home to a mirror.
enum Kind {
    HELLO,
    ECHO,
    CONFIRM,
    WORKS,
    STATE
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
/// @param minPolicy Release policy: 1 = ONE over CCIP, 2 = ONE over LayerZero, 3 = BOTH (reserved, refused).
/// @param laneEpoch Version of the lane's configuration; always 1 so far.
/// @param payload `WORKS`: abi.encode(WorkPayload[]). `STATE`: abi.encode(StatePayload). `HELLO`: empty. `ECHO`:
/// abi.encode(digest of the `HELLO`). `CONFIRM`: abi.encode(digest of the `ECHO`).
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

/// @notice Works that travel together in one statement. So far exactly one.
struct SendRequest {
    bytes32 dstChainHash;
    Transport transport;
    WorkSend[] works;
}

/// @notice What this Gateway knows of its lanes to and from one peer over one transport.
/// @param open The round trip is done: works and states may be sent.
/// @param heardDigest Digest of the peer's last `HELLO` or `ECHO`, which an answer names; zero if none.
struct Lane {
    bool open;
    bytes32 heardDigest;
}

/// @title The only door of a registry to other chains.
/// @notice Makes statements, hands them to a transport, and applies those that its transports authenticated, each
/// at most once. Mirrors know only home as a peer. It has no owner and no settings.
interface IGateway {
    /// @notice A statement is on its way. `message` is what {retry} takes on the destination.
    event StatementSent(
        bytes32 indexed digest,
        bytes32 indexed dstChainHash,
        uint64 nonce,
        Kind kind,
        Transport transport,
        bytes32 indexed messageId,
        bytes message
    );

    /// @notice A statement had its effect here. This event, not the bridge's success, is the evidence of it.
    event StatementApplied(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce, Kind kind);

    /// @notice An authentic statement could not be applied; its digest waits for {retry}.
    event StatementFailed(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce, bytes reason);

    /// @notice A statement came whose nonce was used before; nothing changed.
    event StatementRepeated(bytes32 indexed digest, bytes32 indexed srcChainHash, uint64 nonce);

    /// @notice The round trip with `chainHash` over `transport` is done on this side.
    event LaneOpened(bytes32 indexed chainHash, Transport indexed transport);

    /// @notice The chain is no peer of this one: unknown, this one itself, or another mirror.
    error NotPeer(bytes32 chainHash);

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

    /// @notice No finished round trip on this lane.
    error LaneNotOpen(bytes32 chainHash, Transport transport);

    /// @notice Not one of the three kinds that open a lane.
    error NotHandshake(Kind kind);

    /// @notice The peer has said nothing on this lane that could be answered.
    error NothingToAnswer(bytes32 chainHash, Transport transport);

    /// @notice The peer answers a statement that this Gateway did not make on this lane.
    error HandshakeUnknown(bytes32 digest);

    /// @notice A statement carries exactly one work so far.
    error WorksPerStatement(uint256 count);

    /// @notice Receiver or fallback is no address that could hold a work there.
    error InvalidRecipient(bytes32 recipient);

    /// @notice The work has no revision that could be stated.
    error RevisionNotStated(uint256 workId);

    /// @notice The permit's deadline (Unix time in seconds) has passed.
    error PermitExpired(uint256 deadline);

    /// @notice The signature is not the holder's over this request.
    error PermitInvalid(address holder);

    /// @notice The statement is not from the peer that delivered it, or not for this Gateway.
    error StatementMisdirected(bytes32 digest);

    /// @notice The statement's policy does not allow release on this transport alone.
    error PolicyNotMet(uint8 minPolicy, Transport transport);

    /// @notice Delivered with less gas than the kind needs; the transport keeps the message for another try.
    error GasBelowFloor(uint256 required, uint256 available);

    /// @notice No failed statement with this digest waits here.
    error StatementNotFailed(bytes32 digest);

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

    /// @notice Home only, anyone: says `HELLO` to a mirror. Repeating it is harmless.
    function openLane(bytes32 dstChainHash, Transport transport) external payable returns (bytes32 digest);

    /// @notice Mirror, anyone: answers home's last `HELLO` with an `ECHO`.
    function answerLane(bytes32 dstChainHash, Transport transport) external payable returns (bytes32 digest);

    /// @notice Home, anyone: answers the mirror's last `ECHO` with a `CONFIRM`.
    function confirmLane(bytes32 dstChainHash, Transport transport) external payable returns (bytes32 digest);

    /// @notice Transports only: takes a message from the peer on `srcChainHash`. A used nonce changes nothing. Too
    /// little gas reverts. Otherwise the nonce is used, and a statement that cannot be applied waits for {retry}.
    /// @dev Lanes need not be open for what arrives: the transport authenticated it, home may speak before its
    /// `CONFIRM` arrives, and a refusal could only strand a work.
    function deliver(bytes32 srcChainHash, bytes calldata message) external;

    /// @notice Anyone: applies a statement that failed before.
    /// @param message The `message` of its {StatementSent}.
    function retry(bytes calldata message) external;

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

    /// @notice Digest of an encoded statement.
    function digestOf(bytes calldata message) external pure returns (bytes32);

    /// @notice See {Lane}.
    function laneOf(bytes32 chainHash, Transport transport) external view returns (Lane memory);

    /// @notice The nonce that the next statement to a peer gets.
    function nextNonce(bytes32 dstChainHash) external view returns (uint64);

    /// @notice Whether a statement with this nonce came from the peer.
    function isConsumed(bytes32 srcChainHash, uint64 nonce) external view returns (bool);

    /// @notice Whether the statement waits for {retry}.
    function isFailed(bytes32 digest) external view returns (bool);

    /// @notice The peer's Gateway, as 32 bytes; zero if the chain is no peer.
    function peerOf(bytes32 chainHash) external view returns (bytes32);

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

    /// @notice Gas that a statement of a kind asks for on its destination.
    function gasLimitOf(Kind kind) external pure returns (uint256);
}
