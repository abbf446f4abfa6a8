// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ICollection} from "./interfaces/ICollection.sol";
import {IGateway, Kind, Lane, SendRequest, Statement, Transport} from "./interfaces/IGateway.sol";
import {Arrival, ILanes, NextStatement, Status, Verdict} from "./interfaces/ILanes.sol";
import {Grant, ILicenceBook} from "./interfaces/ILicenceBook.sol";
import {RegistryState, StatePayload, WorkPayload} from "./interfaces/PayloadTypes.sol";
import {Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {ITransport} from "./interfaces/ITransport.sol";
import {GasPlan} from "./libraries/GasPlan.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {Payloads} from "./libraries/Payloads.sol";
import {Permits} from "./libraries/Permits.sol";
import {Statements} from "./libraries/Statements.sol";

/// @title The only door of a registry to other chains. See {IGateway}.
contract Gateway is IGateway, EIP712, ReentrancyGuardTransient {
    using Statements for Statement;

    /// @inheritdoc IGateway
    bytes32 public immutable registryId;
    /// @inheritdoc IGateway
    bytes32 public immutable localChainHash;
    /// @inheritdoc IGateway
    bytes32 public immutable homeChainHash;
    /// @inheritdoc IGateway
    address public immutable collection;
    /// @inheritdoc IGateway
    ILanes public immutable lanes;
    address private immutable CCIP_TRANSPORT;
    address private immutable LAYER_ZERO_TRANSPORT;
    address private immutable LICENCE_BOOK;
    uint256 private immutable DEPLOYED_CHAIN_ID;

    modifier onlyHome() {
        if (!_isHome()) revert NotHome(localChainHash);
        _;
    }

    constructor(Deployment memory deployment) EIP712("Colophon Gateway", "1") {
        registryId = deployment.registryId;
        localChainHash = Manifests.localEntry(deployment.manifest).chainHash;
        homeChainHash = deployment.manifest.homeChainHash;
        collection = deployment.components[uint256(Component.COLLECTION)];
        lanes = ILanes(deployment.components[uint256(Component.LANES)]);
        CCIP_TRANSPORT = deployment.components[uint256(Component.CCIP_TRANSPORT)];
        LAYER_ZERO_TRANSPORT = deployment.components[uint256(Component.LAYER_ZERO_TRANSPORT)];
        LICENCE_BOOK = deployment.components[uint256(Component.LICENCE_BOOK)];
        DEPLOYED_CHAIN_ID = block.chainid;
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
    ) external payable nonReentrant onlyHome returns (bytes32) {
        return _send(dstChainHash, Kind.STATE, transport, Payloads.ofState(ICollection(collection), workId));
    }

    /// @inheritdoc IGateway
    function sendRegistryState(
        bytes32 dstChainHash,
        Transport transport
    ) external payable nonReentrant onlyHome returns (bytes32) {
        return _send(dstChainHash, Kind.REGISTRY_STATE, transport, _registryPayload());
    }

    /// @inheritdoc IGateway
    function sendLicence(
        bytes32 dstChainHash,
        Transport transport,
        bytes32 grantId
    ) external payable nonReentrant returns (bytes32) {
        return _send(dstChainHash, Kind.LICENCE, transport, _licencePayload(dstChainHash, grantId));
    }

    /// @inheritdoc IGateway
    function sendVoid(bytes calldata message, Transport transport) external payable nonReentrant returns (bytes32) {
        Statement memory voided = abi.decode(message, (Statement));
        bytes32 digest = voided.digestOf();
        if (!lanes.isVoided(digest, voided.srcChainHash, voided.nonce)) revert StatementNotVoided(digest);
        return _send(voided.srcChainHash, Kind.VOID, transport, message);
    }

    /// @inheritdoc IGateway
    function openLane(
        bytes32 dstChainHash,
        Transport transport
    ) external payable nonReentrant onlyHome returns (bytes32) {
        return _sendHandshake(dstChainHash, Kind.HELLO, transport);
    }

    /// @inheritdoc IGateway
    function answerLane(bytes32 dstChainHash, Transport transport) external payable nonReentrant returns (bytes32) {
        // What home heard is an `ECHO`, which only a `CONFIRM` answers.
        if (_isHome()) revert NothingToAnswer(dstChainHash, transport);
        return _sendHandshake(dstChainHash, Kind.ECHO, transport);
    }

    /// @inheritdoc IGateway
    function confirmLane(
        bytes32 dstChainHash,
        Transport transport
    ) external payable nonReentrant onlyHome returns (bytes32) {
        return _sendHandshake(dstChainHash, Kind.CONFIRM, transport);
    }

    /// @inheritdoc IGateway
    function deliver(bytes32 srcChainHash, bytes calldata message) external nonReentrant {
        Transport transport = _transportOf(msg.sender);
        Statement memory statement = abi.decode(message, (Statement));
        bytes32 digest = statement.digestOf();
        if (statement.srcChainHash != srcChainHash) revert ILanes.StatementMisdirected(digest);
        Verdict verdict = _admit(statement, digest, transport);
        uint64 nonce = statement.nonce;

        if (verdict == Verdict.APPLY) {
            _tryToApply(statement, digest);
        } else if (verdict == Verdict.REPEATED) {
            emit StatementRepeated(digest, srcChainHash, nonce);
        } else if (verdict == Verdict.ATTESTED) {
            emit StatementAttested(digest, srcChainHash, nonce, transport);
        } else if (verdict == Verdict.DISPUTED) {
            emit StatementDisputed(digest, srcChainHash, nonce, transport);
        } else {
            emit StatementHeld(digest, srcChainHash, nonce);
        }
    }

    /// @inheritdoc IGateway
    function retry(bytes calldata message) external nonReentrant {
        _resume(message, Status.FAILED);
    }

    /// @inheritdoc IGateway
    function releaseStatement(bytes calldata message) external nonReentrant {
        _resume(message, Status.WAITING);
    }

    /// @inheritdoc IGateway
    function applyStatement(Statement calldata statement, bytes32 digest) external {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        _apply(statement, digest);
    }

    /// @inheritdoc IGateway
    function claimRetired(
        bytes32 chainHash,
        uint256 workId,
        address holder,
        bytes32[] calldata proof
    ) external nonReentrant {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(chainHash, workId, holder))));
        bytes32 root = lanes.ownersRootOf(chainHash);
        if (root == 0 || !MerkleProof.verifyCalldata(proof, root, leaf)) {
            revert ClaimUnproven(chainHash, workId, holder);
        }
        ICollection(collection).reclaim(chainHash, workId, holder);
    }

    /// @inheritdoc IGateway
    function quoteWorks(SendRequest calldata request)
        external
        view
        returns (uint256 feeWei, bytes memory message, uint256 gasLimit)
    {
        return _quote(request.dstChainHash, Kind.WORKS, request.transport, _worksPayload(request));
    }

    /// @inheritdoc IGateway
    function quoteState(
        bytes32 dstChainHash,
        Transport transport,
        uint256 workId
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        return _quote(dstChainHash, Kind.STATE, transport, Payloads.ofState(ICollection(collection), workId));
    }

    /// @inheritdoc IGateway
    function quoteLane(
        bytes32 dstChainHash,
        Transport transport,
        Kind kind
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        if (kind > Kind.CONFIRM) revert NotHandshake(kind);
        return _quote(dstChainHash, kind, transport, _handshakePayload(dstChainHash, kind, transport));
    }

    /// @inheritdoc IGateway
    function quoteRegistryState(
        bytes32 dstChainHash,
        Transport transport
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        return _quote(dstChainHash, Kind.REGISTRY_STATE, transport, _registryPayload());
    }

    /// @inheritdoc IGateway
    function quoteLicence(
        bytes32 dstChainHash,
        Transport transport,
        bytes32 grantId
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        return _quote(dstChainHash, Kind.LICENCE, transport, _licencePayload(dstChainHash, grantId));
    }

    /// @inheritdoc IGateway
    function quoteVoid(
        bytes calldata voided,
        Transport transport
    ) external view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        return _quote(abi.decode(voided, (Statement)).srcChainHash, Kind.VOID, transport, voided);
    }

    /// @inheritdoc IGateway
    function digestOf(bytes calldata message) external pure returns (bytes32) {
        return abi.decode(message, (Statement)).digestOf();
    }

    /// @inheritdoc IGateway
    function laneOf(bytes32 chainHash, Transport transport) external view returns (Lane memory) {
        return lanes.laneOf(chainHash, transport);
    }

    /// @inheritdoc IGateway
    function transportAt(Transport transport) public view returns (address) {
        if (transport == Transport.CCIP) return CCIP_TRANSPORT;
        if (transport == Transport.LAYER_ZERO) return LAYER_ZERO_TRANSPORT;
        return address(0);
    }

    /// @inheritdoc IGateway
    function maxWorksTo(bytes32 dstChainHash, Transport transport) public view returns (uint256 count) {
        count = GasPlan.MAX_WORKS;
        Transport[2] memory each = [Transport.CCIP, Transport.LAYER_ZERO];
        for (uint256 i = 0; i < each.length; ++i) {
            if (!_names(transport, each[i])) continue;
            (uint256 maxBytes, uint256 maxGas) = _requireTransport(each[i]).limitsTo(dstChainHash);
            uint256 fitting = GasPlan.worksWithin(maxBytes, maxGas);
            if (fitting < count) count = fitting;
        }
    }

    /// @inheritdoc IGateway
    function gasLimitOf(Kind kind, uint256 works) external pure returns (uint256) {
        return GasPlan.limitOf(kind, works);
    }

    function _sendWorks(SendRequest calldata request, address operator) private returns (bytes32) {
        _requireSendable(request);
        bytes32 dst = request.dstChainHash;
        NextStatement memory next = _begin(dst, Kind.WORKS, request.transport, request.works.length);
        // What the collection returns is encoded as a payload is.
        bytes memory payload = Address.functionCall(
            collection, abi.encodeCall(ICollection.depart, (dst, next.nonce, request.works, operator))
        );
        return _dispatch(_statement(dst, Kind.WORKS, request.transport, payload, next));
    }

    function _sendHandshake(bytes32 dstChainHash, Kind kind, Transport transport) private returns (bytes32 digest) {
        bytes memory payload = _handshakePayload(dstChainHash, kind, transport);
        digest = _send(dstChainHash, kind, transport, payload);
        lanes.rememberHandshake(dstChainHash, transport, digest);
    }

    function _send(
        bytes32 dstChainHash,
        Kind kind,
        Transport transport,
        bytes memory payload
    ) private returns (bytes32) {
        NextStatement memory next = _begin(dstChainHash, kind, transport, 0);
        return _dispatch(_statement(dstChainHash, kind, transport, payload, next));
    }

    /// @dev Takes the next nonce to a peer, if a statement may leave now.
    function _begin(
        bytes32 dstChainHash,
        Kind kind,
        Transport policy,
        uint256 works
    ) private returns (NextStatement memory) {
        if (block.chainid != DEPLOYED_CHAIN_ID) {
            revert ChainIdChanged(DEPLOYED_CHAIN_ID, block.chainid);
        }
        return lanes.beginSend(dstChainHash, policy, kind, works);
    }

    /// @dev Hands a statement to each transport that its policy names. The last one returns what the fees leave.
    function _dispatch(Statement memory statement) private returns (bytes32 digest) {
        digest = statement.digestOf();
        bytes memory message = abi.encode(statement);
        uint256 gasLimit = _gasLimitOf(statement);
        Transport policy = Transport(statement.minPolicy);
        uint256 valueWei = msg.value;
        if (policy == Transport.BOTH) {
            uint256 feeWei = _requireTransport(Transport.CCIP).quote(statement.dstChainHash, message, gasLimit);
            if (valueWei < feeWei) revert ITransport.InsufficientFee(feeWei, valueWei);
            valueWei -= feeWei;
            _hand(statement, digest, message, gasLimit, Transport.CCIP, feeWei);
            policy = Transport.LAYER_ZERO;
        }
        _hand(statement, digest, message, gasLimit, policy, valueWei);
    }

    function _hand(
        Statement memory statement,
        bytes32 digest,
        bytes memory message,
        uint256 gasLimit,
        Transport transport,
        uint256 valueWei
    ) private {
        bytes32 messageId = _requireTransport(transport).send{value: valueWei}(
            statement.dstChainHash, message, gasLimit, msg.sender
        );
        emit StatementSent(digest, statement.dstChainHash, statement.nonce, statement.kind, transport, messageId);
    }

    function _admit(Statement memory statement, bytes32 digest, Transport transport) private returns (Verdict) {
        if (statement.registryId != registryId || statement.dstChainHash != localChainHash) {
            revert ILanes.StatementMisdirected(digest);
        }
        return lanes.admit(
            Arrival({
                digest: digest,
                srcChainHash: statement.srcChainHash,
                srcGateway: statement.srcGateway,
                dstGateway: statement.dstGateway,
                nonce: statement.nonce,
                laneEpoch: statement.laneEpoch,
                kind: statement.kind,
                minPolicy: statement.minPolicy,
                transport: transport,
                works: statement.kind == Kind.WORKS ? Statements.worksIn(statement.payload) : 0
            })
        );
    }

    function _tryToApply(Statement memory statement, bytes32 digest) private {
        uint256 floor = GasPlan.floorOf(statement.kind, Statements.worksOf(statement));
        if (gasleft() < floor) revert GasBelowFloor(floor, gasleft());
        (address target, bytes memory data) = _effectOf(statement, digest);
        (bool answered, bytes memory reason) = target.call(data);
        // An address without code answers everything, and would lose what it is told.
        if (answered && target.code.length != 0) {
            emit StatementApplied(digest, statement.srcChainHash, statement.nonce, statement.kind);
        } else {
            lanes.markFailed(digest, statement.srcChainHash, statement.nonce);
            emit StatementFailed(digest, statement.srcChainHash, statement.nonce, reason);
        }
    }

    function _resume(bytes calldata message, Status expected) private {
        Statement memory statement = abi.decode(message, (Statement));
        bytes32 digest = statement.digestOf();
        uint256 works = statement.kind == Kind.WORKS ? Statements.worksIn(statement.payload) : 0;
        lanes.resume(digest, statement.srcChainHash, expected, works);
        (address target, bytes memory data) = _effectOf(statement, digest);
        Address.functionCall(target, data);
        emit StatementApplied(digest, statement.srcChainHash, statement.nonce, statement.kind);
    }

    /// @dev The call that applies a statement. Works go to the collection as they came, without being read here.
    function _effectOf(
        Statement memory statement,
        bytes32 digest
    ) private view returns (address target, bytes memory data) {
        if (statement.kind == Kind.WORKS) {
            data = abi.encodeCall(ICollection.arrive, (statement.srcChainHash, digest, statement.payload));
            return (collection, data);
        }
        return (address(this), abi.encodeCall(this.applyStatement, (statement, digest)));
    }

    function _apply(Statement calldata statement, bytes32 digest) private {
        bytes32 srcChainHash = statement.srcChainHash;
        if (statement.kind == Kind.STATE) {
            StatePayload memory state = abi.decode(statement.payload, (StatePayload));
            ICollection(collection).applyRevision(state.workId, state.revision, state.stateHash, state.frozen);
        } else if (statement.kind == Kind.REGISTRY_STATE) {
            ICollection(collection).applyRegistryState(abi.decode(statement.payload, (RegistryState)));
        } else if (statement.kind == Kind.VOID) {
            _applyVoid(srcChainHash, abi.decode(statement.payload, (Statement)));
        } else if (statement.kind == Kind.LICENCE) {
            ILicenceBook(LICENCE_BOOK).applyGrant(srcChainHash, abi.decode(statement.payload, (Grant)));
        } else {
            _applyHandshake(statement, digest);
        }
    }

    /// @dev A statement of this side will never be applied there. That it was made here, as it is shown, the
    /// collection knows from the works themselves: each keeps the digest of the statement that carried it away.
    function _applyVoid(bytes32 srcChainHash, Statement memory voided) private {
        bytes32 digest = voided.digestOf();
        if (
            voided.registryId != registryId || voided.srcChainHash != localChainHash
                || voided.dstChainHash != srcChainHash || !lanes.isOwnGateway(voided.srcGateway)
        ) revert ILanes.StatementMisdirected(digest);
        if (voided.kind != Kind.WORKS) return;
        WorkPayload[] memory works = abi.decode(voided.payload, (WorkPayload[]));
        ICollection(collection).recredit(srcChainHash, digest, voided.nonce, works);
    }

    /// @dev `HELLO` and `CONFIRM` come to mirrors, `ECHO` to home. Each proves one direction more of the round trip.
    function _applyHandshake(Statement calldata statement, bytes32 digest) private {
        if (_isHome() != (statement.kind == Kind.ECHO)) revert ILanes.HandshakeUnknown(digest);
        Transport transport = Transport(statement.minPolicy);
        bytes32 answered = statement.kind == Kind.HELLO ? bytes32(0) : abi.decode(statement.payload, (bytes32));
        if (lanes.hear(statement.srcChainHash, transport, statement.kind, digest, answered)) {
            emit LaneOpened(statement.srcChainHash, transport);
        }
    }

    function _statement(
        bytes32 dstChainHash,
        Kind kind,
        Transport policy,
        bytes memory payload,
        NextStatement memory next
    ) private view returns (Statement memory) {
        return Statement({
            registryId: registryId,
            srcChainHash: localChainHash,
            srcGateway: bytes32(uint256(uint160(address(this)))),
            dstChainHash: dstChainHash,
            dstGateway: next.dstGateway,
            nonce: next.nonce,
            kind: kind,
            minPolicy: uint8(policy),
            laneEpoch: next.laneEpoch,
            payload: payload
        });
    }

    function _quote(
        bytes32 dstChainHash,
        Kind kind,
        Transport policy,
        bytes memory payload
    ) private view returns (uint256 feeWei, bytes memory message, uint256 gasLimit) {
        Statement memory statement = _statement(dstChainHash, kind, policy, payload, lanes.nextTo(dstChainHash));
        message = abi.encode(statement);
        gasLimit = _gasLimitOf(statement);
        if (_names(policy, Transport.CCIP)) {
            feeWei = _requireTransport(Transport.CCIP).quote(dstChainHash, message, gasLimit);
        }
        if (_names(policy, Transport.LAYER_ZERO)) {
            feeWei += _requireTransport(Transport.LAYER_ZERO).quote(dstChainHash, message, gasLimit);
        }
    }

    function _worksPayload(SendRequest calldata request) private view returns (bytes memory) {
        _requireSendable(request);
        return Address.functionStaticCall(collection, abi.encodeCall(ICollection.payloadsOf, (request.works)));
    }

    function _requireSendable(SendRequest calldata request) private view {
        uint256 count = request.works.length;
        // One work fits through every lane.
        if (count != 1) {
            uint256 most = maxWorksTo(request.dstChainHash, request.transport);
            if (count == 0 || count > most) revert WorksPerStatement(count, most);
        }
        for (uint256 i = 0; i < count; ++i) {
            _requireRecipient(request.works[i].to);
            _requireRecipient(request.works[i].fallbackTo);
        }
    }

    function _registryPayload() private view returns (bytes memory) {
        return abi.encode(ICollection(collection).registryState());
    }

    function _licencePayload(bytes32 dstChainHash, bytes32 grantId) private view returns (bytes memory) {
        if (LICENCE_BOOK == address(0)) revert KindUnknown(Kind.LICENCE);
        return abi.encode(ILicenceBook(LICENCE_BOOK).statementOf(grantId, dstChainHash));
    }

    function _handshakePayload(
        bytes32 dstChainHash,
        Kind kind,
        Transport transport
    ) private view returns (bytes memory) {
        if (kind == Kind.HELLO) return "";
        bytes32 heard = lanes.laneOf(dstChainHash, transport).heardDigest;
        if (heard == 0) revert NothingToAnswer(dstChainHash, transport);
        return abi.encode(heard);
    }

    /// @dev Refused here, where the holder can mend it: on the destination it could only strand the work.
    function _requireRecipient(bytes32 recipient) private view {
        bool isAddress = recipient != 0 && uint256(recipient) >> 160 == 0;
        // The Collection stands at the same address there, and takes no works.
        if (!isAddress || recipient == bytes32(uint256(uint160(collection)))) revert InvalidRecipient(recipient);
    }

    function _requireTransport(Transport transport) private view returns (ITransport) {
        address at = transportAt(transport);
        if (at == address(0)) revert TransportUnused(transport);
        return ITransport(at);
    }

    function _transportOf(address caller) private view returns (Transport) {
        if (caller == CCIP_TRANSPORT) return Transport.CCIP;
        if (caller == LAYER_ZERO_TRANSPORT) return Transport.LAYER_ZERO;
        revert NotTransport(caller);
    }

    function _isHome() private view returns (bool) {
        return localChainHash == homeChainHash;
    }

    function _gasLimitOf(Statement memory statement) private pure returns (uint256) {
        return GasPlan.limitOf(statement.kind, Statements.worksOf(statement));
    }

    function _names(Transport policy, Transport transport) private pure returns (bool) {
        return uint8(policy) & uint8(transport) != 0;
    }
}
