// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ICollection} from "./interfaces/ICollection.sol";
import {IGateway, Kind, Lane, SendRequest, Statement, Transport} from "./interfaces/IGateway.sol";
import {StatePayload, WorkPayload} from "./interfaces/PayloadTypes.sol";
import {ChainEntry, Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {ITransport} from "./interfaces/ITransport.sol";
import {GasPlan} from "./libraries/GasPlan.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {Payloads} from "./libraries/Payloads.sol";
import {Permits} from "./libraries/Permits.sol";
import {Statements} from "./libraries/Statements.sol";

/// @title The only door of a registry to other chains. See {IGateway}.
contract Gateway is IGateway, EIP712, ReentrancyGuard {
    using Statements for Statement;

    /// @dev `said` holds the digests of the handshake statements made here, which the peer's answer must name.
    struct LaneRecord {
        bool open;
        bytes32 heardDigest;
        mapping(bytes32 digest => bool) said;
    }

    uint32 private constant LANE_EPOCH = 1;

    /// @inheritdoc IGateway
    bytes32 public immutable registryId;
    /// @inheritdoc IGateway
    bytes32 public immutable localChainHash;
    /// @inheritdoc IGateway
    bytes32 public immutable homeChainHash;
    /// @inheritdoc IGateway
    address public immutable collection;
    address private immutable CCIP_TRANSPORT;
    address private immutable LAYER_ZERO_TRANSPORT;
    uint256 private immutable DEPLOYED_CHAIN_ID;

    /// @inheritdoc IGateway
    mapping(bytes32 chainHash => bytes32 peerGateway) public peerOf;
    mapping(bytes32 dstChainHash => uint64 nonce) private _lastNonces;
    mapping(bytes32 srcChainHash => mapping(uint256 word => uint256 bits)) private _consumed;
    /// @inheritdoc IGateway
    mapping(bytes32 digest => bool) public isFailed;
    mapping(bytes32 chainHash => mapping(Transport transport => LaneRecord)) private _lanes;

    modifier onlyHome() {
        if (!_isHome()) revert NotHome(localChainHash);
        _;
    }

    constructor(Deployment memory deployment) EIP712("Colophon Gateway", "1") {
        bytes32 localHash = Manifests.localEntry(deployment.manifest).chainHash;
        registryId = deployment.registryId;
        localChainHash = localHash;
        homeChainHash = deployment.manifest.homeChainHash;
        collection = deployment.components[uint256(Component.COLLECTION)];
        CCIP_TRANSPORT = deployment.components[uint256(Component.CCIP_TRANSPORT)];
        LAYER_ZERO_TRANSPORT = deployment.components[uint256(Component.LAYER_ZERO_TRANSPORT)];
        DEPLOYED_CHAIN_ID = block.chainid;

        ChainEntry[] memory chains = deployment.manifest.chains;
        for (uint256 i = 0; i < chains.length; ++i) {
            if (!Manifests.isPeer(deployment.manifest, localHash, chains[i].chainHash)) continue;
            peerOf[chains[i].chainHash] = deployment.peers[i][uint256(Component.GATEWAY)];
        }
    }

    /// @inheritdoc IGateway
    function sendWorks(SendRequest calldata request) external payable nonReentrant returns (bytes32 digest) {
        return _sendWorks(request, msg.sender);
    }

    /// @inheritdoc IGateway
    function sendWorksWithPermit(
        SendRequest calldata request,
        address holder,
        uint256 deadline,
        bytes calldata signature
    ) external payable nonReentrant returns (bytes32 digest) {
        if (block.timestamp > deadline) revert PermitExpired(deadline);
        bytes32 permitHash = _hashTypedDataV4(Permits.hashOf(request, holder, deadline));
        if (!SignatureChecker.isValidSignatureNow(holder, permitHash, signature)) revert PermitInvalid(holder);
        return _sendWorks(request, holder);
    }

    /// @inheritdoc IGateway
    function sendState(
        bytes32 dstChainHash,
        Transport transport,
        uint256 workId
    ) external payable nonReentrant onlyHome returns (bytes32 digest) {
        _requireOpen(dstChainHash, transport);
        Statement memory statement =
            _statement(dstChainHash, Kind.STATE, transport, Payloads.ofState(ICollection(collection), workId));
        digest = statement.digestOf();
        _dispatch(statement, digest);
    }

    /// @inheritdoc IGateway
    function openLane(
        bytes32 dstChainHash,
        Transport transport
    ) external payable nonReentrant onlyHome returns (bytes32 digest) {
        return _sendHandshake(dstChainHash, Kind.HELLO, transport);
    }

    /// @inheritdoc IGateway
    function answerLane(
        bytes32 dstChainHash,
        Transport transport
    ) external payable nonReentrant returns (bytes32 digest) {
        // What home heard is an `ECHO`, which only a `CONFIRM` answers.
        if (_isHome()) revert NothingToAnswer(dstChainHash, transport);
        return _sendHandshake(dstChainHash, Kind.ECHO, transport);
    }

    /// @inheritdoc IGateway
    function confirmLane(
        bytes32 dstChainHash,
        Transport transport
    ) external payable nonReentrant onlyHome returns (bytes32 digest) {
        return _sendHandshake(dstChainHash, Kind.CONFIRM, transport);
    }

    /// @inheritdoc IGateway
    function deliver(bytes32 srcChainHash, bytes calldata message) external nonReentrant {
        Transport transport = _transportOf(msg.sender);
        Statement memory statement = abi.decode(message, (Statement));
        bytes32 digest = statement.digestOf();
        _requireAuthentic(statement, digest, srcChainHash, transport);

        if (isConsumed(srcChainHash, statement.nonce)) {
            emit StatementRepeated(digest, srcChainHash, statement.nonce);
            return;
        }
        uint256 floor = GasPlan.floorOf(statement.kind);
        if (gasleft() < floor) revert GasBelowFloor(floor, gasleft());

        _consumed[srcChainHash][statement.nonce >> 8] |= 1 << (statement.nonce & 0xff);
        try this.applyStatement(statement, digest) {
            emit StatementApplied(digest, srcChainHash, statement.nonce, statement.kind);
        } catch (bytes memory reason) {
            isFailed[digest] = true;
            emit StatementFailed(digest, srcChainHash, statement.nonce, reason);
        }
    }

    /// @inheritdoc IGateway
    function retry(bytes calldata message) external nonReentrant {
        Statement memory statement = abi.decode(message, (Statement));
        bytes32 digest = statement.digestOf();
        if (!isFailed[digest]) revert StatementNotFailed(digest);
        delete isFailed[digest];
        _apply(statement, digest);
        emit StatementApplied(digest, statement.srcChainHash, statement.nonce, statement.kind);
    }

    /// @inheritdoc IGateway
    function applyStatement(Statement calldata statement, bytes32 digest) external {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        _apply(statement, digest);
    }

    /// @inheritdoc IGateway
    function quoteWorks(SendRequest calldata request)
        external
        view
        returns (uint256 feeWei, bytes memory message, uint256 gasLimit)
    {
        return _quote(_statement(request.dstChainHash, Kind.WORKS, request.transport, _worksPayload(request)));
    }

    /// @inheritdoc IGateway
    function quoteState(
        bytes32 dstChainHash,
        Transport transport,
        uint256 workId
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        return _quote(
            _statement(dstChainHash, Kind.STATE, transport, Payloads.ofState(ICollection(collection), workId))
        );
    }

    /// @inheritdoc IGateway
    function quoteLane(
        bytes32 dstChainHash,
        Transport transport,
        Kind kind
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        if (kind > Kind.CONFIRM) revert NotHandshake(kind);
        return _quote(_statement(dstChainHash, kind, transport, _handshakePayload(dstChainHash, kind, transport)));
    }

    /// @inheritdoc IGateway
    function digestOf(bytes calldata message) external pure returns (bytes32) {
        return abi.decode(message, (Statement)).digestOf();
    }

    /// @inheritdoc IGateway
    function laneOf(bytes32 chainHash, Transport transport) external view returns (Lane memory) {
        LaneRecord storage lane = _lanes[chainHash][transport];
        return Lane(lane.open, lane.heardDigest);
    }

    /// @inheritdoc IGateway
    function nextNonce(bytes32 dstChainHash) public view returns (uint64) {
        return _lastNonces[dstChainHash] + 1;
    }

    /// @inheritdoc IGateway
    function isConsumed(bytes32 srcChainHash, uint64 nonce) public view returns (bool) {
        return _consumed[srcChainHash][nonce >> 8] & (1 << (nonce & 0xff)) != 0;
    }

    /// @inheritdoc IGateway
    function transportAt(Transport transport) public view returns (address) {
        if (transport == Transport.CCIP) return CCIP_TRANSPORT;
        if (transport == Transport.LAYER_ZERO) return LAYER_ZERO_TRANSPORT;
        return address(0);
    }

    /// @inheritdoc IGateway
    function gasLimitOf(Kind kind) external pure returns (uint256) {
        return GasPlan.limitOf(kind);
    }

    function _sendWorks(SendRequest calldata request, address operator) private returns (bytes32 digest) {
        _requireOpen(request.dstChainHash, request.transport);
        Statement memory statement =
            _statement(request.dstChainHash, Kind.WORKS, request.transport, _worksPayload(request));
        digest = statement.digestOf();
        ICollection(collection).depart(request.dstChainHash, request.works, operator, digest);
        _dispatch(statement, digest);
    }

    function _sendHandshake(bytes32 dstChainHash, Kind kind, Transport transport) private returns (bytes32 digest) {
        LaneRecord storage lane = _lanes[dstChainHash][transport];
        if (kind != Kind.HELLO && lane.heardDigest == 0) revert NothingToAnswer(dstChainHash, transport);
        Statement memory statement =
            _statement(dstChainHash, kind, transport, _handshakePayload(dstChainHash, kind, transport));
        digest = statement.digestOf();
        lane.said[digest] = true;
        _dispatch(statement, digest);
    }

    function _requireTransport(Transport transport) private view returns (ITransport) {
        address at = transportAt(transport);
        if (at == address(0)) revert TransportUnused(transport);
        return ITransport(at);
    }

    /// @dev Takes the statement's nonce and hands it to its transport, which returns what the fee leaves.
    function _dispatch(Statement memory statement, bytes32 digest) private {
        if (block.chainid != DEPLOYED_CHAIN_ID) revert ChainIdChanged(DEPLOYED_CHAIN_ID, block.chainid);
        Transport transport = Transport(statement.minPolicy);
        bytes memory message = abi.encode(statement);
        _lastNonces[statement.dstChainHash] = statement.nonce;
        bytes32 messageId = _requireTransport(transport).send{value: msg.value}(
            statement.dstChainHash, message, GasPlan.limitOf(statement.kind), msg.sender
        );
        emit StatementSent(
            digest, statement.dstChainHash, statement.nonce, statement.kind, transport, messageId, message
        );
    }

    function _apply(Statement memory statement, bytes32 digest) private {
        if (statement.kind == Kind.WORKS) {
            WorkPayload[] memory works = abi.decode(statement.payload, (WorkPayload[]));
            ICollection(collection).arrive(statement.srcChainHash, works, digest);
        } else if (statement.kind == Kind.STATE) {
            StatePayload memory state = abi.decode(statement.payload, (StatePayload));
            ICollection(collection).applyRevision(state.workId, state.revision, state.stateHash, state.frozen);
        } else {
            _applyHandshake(statement, digest);
        }
    }

    /// @dev `HELLO` and `CONFIRM` come to mirrors, `ECHO` to home. Each proves one direction more of the round trip.
    function _applyHandshake(Statement memory statement, bytes32 digest) private {
        if (_isHome() != (statement.kind == Kind.ECHO)) revert HandshakeUnknown(digest);
        Transport transport = Transport(statement.minPolicy);
        LaneRecord storage lane = _lanes[statement.srcChainHash][transport];

        if (statement.kind != Kind.CONFIRM) lane.heardDigest = digest;
        if (statement.kind == Kind.HELLO) return;
        bytes32 answered = abi.decode(statement.payload, (bytes32));
        if (!lane.said[answered]) revert HandshakeUnknown(answered);
        if (lane.open) return;
        lane.open = true;
        emit LaneOpened(statement.srcChainHash, transport);
    }

    /// @dev The next statement to a peer, not yet made.
    function _statement(
        bytes32 dstChainHash,
        Kind kind,
        Transport transport,
        bytes memory payload
    ) private view returns (Statement memory) {
        bytes32 dstGateway = peerOf[dstChainHash];
        if (dstGateway == 0) revert NotPeer(dstChainHash);
        return Statement({
            registryId: registryId,
            srcChainHash: localChainHash,
            srcGateway: _self(),
            dstChainHash: dstChainHash,
            dstGateway: dstGateway,
            nonce: nextNonce(dstChainHash),
            kind: kind,
            minPolicy: uint8(transport),
            laneEpoch: LANE_EPOCH,
            payload: payload
        });
    }

    function _quote(Statement memory statement)
        private
        view
        returns (uint256 feeWei, bytes memory message, uint256 gasLimit)
    {
        message = abi.encode(statement);
        gasLimit = GasPlan.limitOf(statement.kind);
        feeWei = _requireTransport(Transport(statement.minPolicy)).quote(statement.dstChainHash, message, gasLimit);
    }

    function _worksPayload(SendRequest calldata request) private view returns (bytes memory) {
        if (request.works.length != 1) revert WorksPerStatement(request.works.length);
        _requireRecipient(request.works[0].to);
        _requireRecipient(request.works[0].fallbackTo);
        return abi.encode(ICollection(collection).payloadsOf(request.works));
    }

    function _handshakePayload(
        bytes32 dstChainHash,
        Kind kind,
        Transport transport
    ) private view returns (bytes memory) {
        return kind == Kind.HELLO ? bytes("") : abi.encode(_lanes[dstChainHash][transport].heardDigest);
    }

    /// @dev Everything that must hold before a message from a transport may change anything.
    function _requireAuthentic(
        Statement memory statement,
        bytes32 digest,
        bytes32 srcChainHash,
        Transport transport
    ) private view {
        bytes32 peer = peerOf[srcChainHash];
        if (peer == 0) revert NotPeer(srcChainHash);
        if (
            statement.registryId != registryId || statement.srcChainHash != srcChainHash || statement.srcGateway != peer
                || statement.dstChainHash != localChainHash || statement.dstGateway != _self()
                || statement.laneEpoch != LANE_EPOCH
        ) revert StatementMisdirected(digest);
        if (statement.minPolicy != uint8(transport)) revert PolicyNotMet(statement.minPolicy, transport);
    }

    function _requireOpen(bytes32 dstChainHash, Transport transport) private view {
        if (peerOf[dstChainHash] == 0) revert NotPeer(dstChainHash);
        if (!_lanes[dstChainHash][transport].open) revert LaneNotOpen(dstChainHash, transport);
    }

    /// @dev Refused here, where the holder can mend it: on the destination it could only strand the work.
    function _requireRecipient(bytes32 recipient) private view {
        bool isAddress = recipient != 0 && uint256(recipient) >> 160 == 0;
        // The Collection stands at the same address there, and takes no works.
        if (!isAddress || recipient == bytes32(uint256(uint160(collection)))) revert InvalidRecipient(recipient);
    }

    function _transportOf(address caller) private view returns (Transport) {
        if (caller == CCIP_TRANSPORT) return Transport.CCIP;
        if (caller == LAYER_ZERO_TRANSPORT) return Transport.LAYER_ZERO;
        revert NotTransport(caller);
    }

    function _isHome() private view returns (bool) {
        return localChainHash == homeChainHash;
    }

    function _self() private view returns (bytes32) {
        return bytes32(uint256(uint160(address(this))));
    }
}
