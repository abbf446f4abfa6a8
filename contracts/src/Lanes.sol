// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {GatewayUser} from "./GatewayUser.sol";
import {ICollection} from "./interfaces/ICollection.sol";
import {Kind, Lane, Transport} from "./interfaces/IGateway.sol";
import {IGatewayUser} from "./interfaces/IGatewayUser.sol";
import {Arrival, ILanes, NextStatement, Status, Verdict} from "./interfaces/ILanes.sol";
import {ChainEntry, Component, Deployment, Limit} from "./interfaces/IRegistryFactory.sol";
import {Bucket, Buckets} from "./libraries/Buckets.sol";
import {Manifests} from "./libraries/Manifests.sol";

/// @title The state of a registry's lanes. See {ILanes}.
contract Lanes is ILanes, GatewayUser {
    using Buckets for Bucket;

    /// @dev One slot for all that each send and each arrival reads. A lane is open if its round trip was done in the
    /// present epoch; epochs start at 1. `paused` and `requiredPolicy` are sets of transports (see {_includes}).
    struct Peer {
        uint64 lastNonce;
        uint32 epoch;
        uint32 ccipOpenEpoch;
        uint32 layerZeroOpenEpoch;
        uint8 paused;
        uint8 requiredPolicy;
        bool retired;
        bool outboundLimited;
        bool inboundLimited;
    }

    /// @dev Of which nonce of which source: the digest of a statement that was applied must not void another's nonce.
    struct Pending {
        Status status;
        uint64 nonce;
        bytes32 srcChainHash;
    }

    /// @inheritdoc ILanes
    uint64 public constant MAX_HOLD = 72 hours;

    address private immutable COLLECTION;
    bool private immutable IS_HOME;

    /// @dev When the last of all holds ends; in the Gateway's slot, so that arrivals look for a hold of their own only
    /// while there is one.
    uint64 private _lastHoldUntil;

    mapping(bytes32 chainHash => Peer) private _peers;
    /// @inheritdoc ILanes
    mapping(bytes32 chainHash => bytes32 peerGateway) public peerOf;
    mapping(bytes32 chainHash => mapping(bytes32 gateway => bool)) private _formerPeers;
    mapping(bytes32 account => bool) private _formerGateways;

    mapping(bytes32 srcChainHash => mapping(uint256 word => uint256 bits)) private _consumed;
    /// @dev Nonces that are used though no statement with them was applied: disputed or voided.
    mapping(bytes32 srcChainHash => mapping(uint64 nonce => bool)) private _unapplied;
    mapping(bytes32 srcChainHash => mapping(uint64 nonce => mapping(Transport => bytes32 digest))) private _attested;
    mapping(bytes32 digest => Pending) private _pending;
    /// @inheritdoc ILanes
    mapping(bytes32 digest => uint64) public heldUntil;

    mapping(bytes32 chainHash => mapping(bool inbound => Bucket)) private _buckets;
    mapping(bytes32 chainHash => mapping(Transport => mapping(uint32 epoch => bytes32 digest))) private _heard;
    /// @dev By lane, epoch and digest, see {_saidKey}.
    mapping(bytes32 key => bool) private _said;
    /// @inheritdoc ILanes
    mapping(bytes32 chainHash => bytes32) public ownersRootOf;

    modifier onlyGateway() {
        if (msg.sender != gateway) revert NotGateway(msg.sender);
        _;
    }

    modifier onlyHome() {
        if (!IS_HOME) revert NotHome();
        _;
    }

    modifier onlyOwner() {
        if (msg.sender != _owner()) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyGuardian() {
        if (msg.sender != _guardian()) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyGuardianOrOwner() {
        if (msg.sender != _guardian() && msg.sender != _owner()) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyPeer(bytes32 chainHash) {
        if (peerOf[chainHash] == 0) revert NotPeer(chainHash);
        _;
    }

    constructor(Deployment memory deployment) GatewayUser(deployment) {
        COLLECTION = deployment.components[uint256(Component.COLLECTION)];
        bytes32 localHash = Manifests.localEntry(deployment.manifest).chainHash;
        IS_HOME = localHash == deployment.manifest.homeChainHash;

        ChainEntry[] memory chains = deployment.manifest.chains;
        for (uint256 i = 0; i < chains.length; ++i) {
            bytes32 chainHash = chains[i].chainHash;
            if (!Manifests.isPeer(deployment.manifest, localHash, chainHash)) continue;
            peerOf[chainHash] = deployment.peers[i][uint256(Component.GATEWAY)];
            _peers[chainHash].epoch = 1;
            _setLimit(chainHash, false, deployment.manifest.outboundLimit);
            _setLimit(chainHash, true, deployment.manifest.inboundLimit);
        }
    }

    /// @inheritdoc ILanes
    function beginSend(
        bytes32 dstChainHash,
        Transport policy,
        Kind kind,
        uint256 works
    ) external onlyGateway onlyPeer(dstChainHash) returns (NextStatement memory next) {
        Peer memory peer = _peers[dstChainHash];
        // A round trip proves one transport.
        if (policy == Transport.NONE || (policy == Transport.BOTH && kind <= Kind.CONFIRM)) {
            revert PolicyUnknown(uint8(policy));
        }
        if (peer.retired) revert ChainRetired(dstChainHash);
        if (kind > Kind.CONFIRM) _requireStrong(peer, policy);
        if (kind != Kind.VOID) {
            bool mustBeOpen = kind > Kind.CONFIRM;
            _requirePassable(dstChainHash, peer, policy, Transport.CCIP, mustBeOpen);
            _requirePassable(dstChainHash, peer, policy, Transport.LAYER_ZERO, mustBeOpen);
        }
        if (works != 0 && peer.outboundLimited) _take(dstChainHash, false, works);
        next = NextStatement(peer.lastNonce + 1, peer.epoch, peerOf[dstChainHash]);
        _peers[dstChainHash].lastNonce = next.nonce;
    }

    /// @inheritdoc ILanes
    function rememberHandshake(bytes32 dstChainHash, Transport transport, bytes32 digest) external onlyGateway {
        _said[_saidKey(dstChainHash, transport, _peers[dstChainHash].epoch, digest)] = true;
    }

    /// @inheritdoc ILanes
    function admit(Arrival calldata arrival) external onlyGateway onlyPeer(arrival.srcChainHash) returns (Verdict) {
        bytes32 src = arrival.srcChainHash;
        _requireDirected(arrival);
        Peer memory peer = _peers[src];
        if (peer.retired) revert ChainRetired(src);
        uint8 strongest = uint8(arrival.kind > Kind.CONFIRM ? Transport.BOTH : arrival.transport);
        if (!_includes(arrival.minPolicy, arrival.transport) || arrival.minPolicy > strongest) {
            revert PolicyNotMet(arrival.minPolicy, arrival.transport);
        }
        if (isConsumed(src, arrival.nonce)) return Verdict.REPEATED;
        if (arrival.laneEpoch != peer.epoch) _followEpoch(arrival, peer.epoch);
        if (arrival.kind > Kind.CONFIRM) _requireStrong(peer, Transport(arrival.minPolicy));

        if (arrival.minPolicy == uint8(Transport.BOTH)) {
            Verdict verdict = _attest(arrival);
            if (verdict != Verdict.APPLY) return verdict;
        }
        _consume(src, arrival.nonce);
        bool held = block.timestamp < _lastHoldUntil && block.timestamp < heldUntil[arrival.digest];
        if (held || (arrival.works != 0 && peer.inboundLimited && !_buckets[src][true].tryTake(arrival.works))) {
            _pending[arrival.digest] = Pending(Status.WAITING, arrival.nonce, src);
            return Verdict.WAITING;
        }
        return Verdict.APPLY;
    }

    /// @inheritdoc ILanes
    function markFailed(bytes32 digest, bytes32 srcChainHash, uint64 nonce) external onlyGateway {
        _pending[digest] = Pending(Status.FAILED, nonce, srcChainHash);
    }

    /// @inheritdoc ILanes
    function resume(bytes32 digest, bytes32 srcChainHash, Status expected, uint256 works) external onlyGateway {
        Status status = _pending[digest].status;
        if (status != expected) revert StatementNotWaiting(digest, status);
        if (_peers[srcChainHash].retired) revert ChainRetired(srcChainHash);
        if (block.timestamp < heldUntil[digest]) revert StatementOnHold(digest, heldUntil[digest]);
        delete _pending[digest];
        // What failed has passed the limit when it came.
        if (expected == Status.WAITING && works != 0) _take(srcChainHash, true, works);
    }

    /// @inheritdoc ILanes
    function hear(
        bytes32 srcChainHash,
        Transport transport,
        Kind kind,
        bytes32 digest,
        bytes32 answered
    ) external onlyGateway returns (bool opened) {
        Peer storage peer = _peers[srcChainHash];
        if (kind != Kind.CONFIRM) _heard[srcChainHash][transport][peer.epoch] = digest;
        if (kind == Kind.HELLO) return false;
        if (!_said[_saidKey(srcChainHash, transport, peer.epoch, answered)]) revert HandshakeUnknown(answered);
        opened = _openEpochOf(peer, transport) != peer.epoch;
        if (transport == Transport.CCIP) peer.ccipOpenEpoch = peer.epoch;
        else peer.layerZeroOpenEpoch = peer.epoch;
    }

    /// @inheritdoc ILanes
    function raiseRequiredPolicy(bytes32 chainHash, Transport policy) external onlyOwner onlyPeer(chainHash) {
        Transport required = Transport(_peers[chainHash].requiredPolicy);
        if (policy == required || !_includes(uint8(policy), required)) revert PolicyNotRaised(required, policy);
        _peers[chainHash].requiredPolicy = uint8(policy);
        emit RequiredPolicyRaised(chainHash, policy);
    }

    /// @inheritdoc ILanes
    function pauseLane(bytes32 chainHash, Transport transport) external onlyGuardianOrOwner onlyPeer(chainHash) {
        _peers[chainHash].paused |= uint8(transport);
        emit LanePaused(chainHash, transport, msg.sender);
    }

    /// @inheritdoc ILanes
    function resumeLane(bytes32 chainHash, Transport transport) external onlyGuardianOrOwner onlyPeer(chainHash) {
        _peers[chainHash].paused &= ~uint8(transport);
        emit LaneResumed(chainHash, transport, msg.sender);
    }

    /// @inheritdoc ILanes
    function holdStatement(bytes32 digest, uint64 seconds_) external onlyGuardian {
        if (heldUntil[digest] != 0) revert AlreadyHeld(digest);
        if (seconds_ == 0 || seconds_ > MAX_HOLD) revert HoldTooLong(seconds_);
        uint64 until = uint64(block.timestamp) + seconds_;
        heldUntil[digest] = until;
        if (until > _lastHoldUntil) _lastHoldUntil = until;
        emit HoldPlaced(digest, until);
    }

    /// @inheritdoc ILanes
    function endHold(bytes32 digest) external onlyGuardian {
        if (heldUntil[digest] <= block.timestamp) revert NotHeld(digest);
        heldUntil[digest] = uint64(block.timestamp);
        emit HoldEnded(digest);
    }

    /// @inheritdoc ILanes
    function setLimit(bytes32 chainHash, bool inbound, Limit calldata limit) external onlyQueue onlyPeer(chainHash) {
        _setLimit(chainHash, inbound, limit);
    }

    /// @inheritdoc ILanes
    function voidStatement(
        bytes32 srcChainHash,
        uint64 nonce,
        bytes32 digest
    ) external onlyQueue onlyPeer(srcChainHash) {
        Pending memory pending = _pending[digest];
        bool waits = pending.status == Status.FAILED || pending.status == Status.WAITING;
        bool isItsNonce = pending.srcChainHash == srcChainHash && pending.nonce == nonce;
        bool wasUsed = isConsumed(srcChainHash, nonce) && !_unapplied[srcChainHash][nonce];
        if (waits ? !isItsNonce : wasUsed) revert NonceNotVoidable(srcChainHash, nonce);
        _consume(srcChainHash, nonce);
        _unapplied[srcChainHash][nonce] = true;
        _pending[digest] = Pending(Status.VOIDED, nonce, srcChainHash);
        emit StatementVoided(digest, srcChainHash, nonce);
    }

    /// @inheritdoc ILanes
    function raiseEpoch(bytes32 chainHash) external onlyQueue onlyHome onlyPeer(chainHash) {
        emit EpochRaised(chainHash, ++_peers[chainHash].epoch);
    }

    /// @inheritdoc ILanes
    function retireChain(bytes32 chainHash, bytes32 ownersRoot) external onlyQueue onlyHome onlyPeer(chainHash) {
        if (ownersRoot == 0) revert OwnersRootZero();
        if (_peers[chainHash].retired) revert ChainRetired(chainHash);
        _peers[chainHash].retired = true;
        ownersRootOf[chainHash] = ownersRoot;
        emit ChainRetiredForEver(chainHash, ownersRoot);
    }

    /// @inheritdoc ILanes
    function setPeerGateway(bytes32 chainHash, bytes32 current) external onlyQueue onlyPeer(chainHash) {
        if (current == 0) revert NotPeer(chainHash);
        bytes32 previous = peerOf[chainHash];
        _formerPeers[chainHash][previous] = true;
        peerOf[chainHash] = current;
        emit PeerGatewayReplaced(chainHash, previous, current);
    }

    /// @inheritdoc IGatewayUser
    function setGateway(address current) public override(GatewayUser, IGatewayUser) {
        _formerGateways[_toBytes32(gateway)] = true;
        super.setGateway(current);
    }

    /// @inheritdoc ILanes
    function nextTo(bytes32 dstChainHash) external view onlyPeer(dstChainHash) returns (NextStatement memory) {
        Peer memory peer = _peers[dstChainHash];
        return NextStatement(peer.lastNonce + 1, peer.epoch, peerOf[dstChainHash]);
    }

    /// @inheritdoc ILanes
    function laneOf(bytes32 chainHash, Transport transport) external view returns (Lane memory) {
        Peer memory peer = _peers[chainHash];
        return Lane({
            open: peer.epoch != 0 && _openEpochOf(peer, transport) == peer.epoch,
            heardDigest: _heard[chainHash][transport][peer.epoch],
            paused: _includes(peer.paused, transport),
            epoch: peer.epoch
        });
    }

    /// @inheritdoc ILanes
    function isOwnGateway(bytes32 account) public view returns (bool) {
        return account == _toBytes32(gateway) || _formerGateways[account];
    }

    /// @inheritdoc ILanes
    function isConsumed(bytes32 srcChainHash, uint64 nonce) public view returns (bool) {
        return _consumed[srcChainHash][nonce >> 8] & (1 << (nonce & 0xff)) != 0;
    }

    /// @inheritdoc ILanes
    function statusOf(bytes32 digest) external view returns (Status) {
        return _pending[digest].status;
    }

    /// @inheritdoc ILanes
    function isVoided(bytes32 digest, bytes32 srcChainHash, uint64 nonce) external view returns (bool) {
        Pending memory pending = _pending[digest];
        return pending.status == Status.VOIDED && pending.srcChainHash == srcChainHash && pending.nonce == nonce;
    }

    /// @inheritdoc ILanes
    function requiredPolicyOf(bytes32 chainHash) external view returns (Transport) {
        return Transport(_peers[chainHash].requiredPolicy);
    }

    /// @inheritdoc ILanes
    function limitOf(bytes32 chainHash, bool inbound) external view returns (Limit memory) {
        Bucket memory bucket = _buckets[chainHash][inbound];
        return Limit(bucket.capacity, bucket.perDay);
    }

    /// @inheritdoc ILanes
    function availableWorks(bytes32 chainHash, bool inbound) public view returns (uint256) {
        Bucket memory bucket = _buckets[chainHash][inbound];
        return bucket.capacity == 0 ? type(uint256).max : Buckets.levelOf(bucket) / 1 days;
    }

    function _setLimit(bytes32 chainHash, bool inbound, Limit memory limit) private {
        _buckets[chainHash][inbound].set(limit.capacity, limit.perDay);
        if (inbound) _peers[chainHash].inboundLimited = limit.capacity != 0;
        else _peers[chainHash].outboundLimited = limit.capacity != 0;
        emit LimitChanged(chainHash, inbound, limit.capacity, limit.perDay);
    }

    function _take(bytes32 chainHash, bool inbound, uint256 works) private {
        if (_buckets[chainHash][inbound].tryTake(works)) return;
        revert LimitExceeded(chainHash, works, availableWorks(chainHash, inbound));
    }

    function _consume(bytes32 srcChainHash, uint64 nonce) private {
        _consumed[srcChainHash][nonce >> 8] |= 1 << (nonce & 0xff);
    }

    /// @dev The second of two equal attestations applies the statement. A transport that contradicts the other, or
    /// itself, is broken, and nobody here can tell which one is: only a void ends that.
    function _attest(Arrival calldata arrival) private returns (Verdict) {
        mapping(Transport => bytes32) storage attested = _attested[arrival.srcChainHash][arrival.nonce];
        Transport other = arrival.transport == Transport.CCIP ? Transport.LAYER_ZERO : Transport.CCIP;
        bytes32 own = attested[arrival.transport];
        if (own == arrival.digest) return Verdict.REPEATED;
        if (own == 0) {
            if (attested[other] == arrival.digest) {
                delete attested[other];
                return Verdict.APPLY;
            }
            if (attested[other] == 0) {
                attested[arrival.transport] = arrival.digest;
                return Verdict.ATTESTED;
            }
        }
        _consume(arrival.srcChainHash, arrival.nonce);
        _unapplied[arrival.srcChainHash][arrival.nonce] = true;
        return Verdict.DISPUTED;
    }

    /// @dev Only home begins an epoch, and only its `HELLO` tells a mirror of it.
    function _followEpoch(Arrival calldata arrival, uint32 epoch) private {
        if (IS_HOME || arrival.kind != Kind.HELLO || arrival.laneEpoch < epoch) {
            revert EpochMismatch(epoch, arrival.laneEpoch);
        }
        _peers[arrival.srcChainHash].epoch = arrival.laneEpoch;
        emit EpochRaised(arrival.srcChainHash, arrival.laneEpoch);
    }

    function _requireDirected(Arrival calldata arrival) private view {
        bool fromPeer = arrival.srcGateway == peerOf[arrival.srcChainHash]
            || _formerPeers[arrival.srcChainHash][arrival.srcGateway];
        if (!fromPeer || !isOwnGateway(arrival.dstGateway)) revert StatementMisdirected(arrival.digest);
    }

    function _requirePassable(
        bytes32 chainHash,
        Peer memory peer,
        Transport policy,
        Transport transport,
        bool mustBeOpen
    ) private pure {
        if (!_includes(uint8(policy), transport)) return;
        if (_includes(peer.paused, transport)) revert LaneIsPaused(chainHash, transport);
        if (mustBeOpen && _openEpochOf(peer, transport) != peer.epoch) revert LaneNotOpen(chainHash, transport);
    }

    function _requireStrong(Peer memory peer, Transport policy) private pure {
        if (_includes(uint8(policy), Transport(peer.requiredPolicy))) return;
        revert PolicyTooWeak(Transport(peer.requiredPolicy), policy);
    }

    function _openEpochOf(Peer memory peer, Transport transport) private pure returns (uint32) {
        return transport == Transport.CCIP ? peer.ccipOpenEpoch : peer.layerZeroOpenEpoch;
    }

    /// @dev A policy is a set of transports: their numbers are bits.
    function _includes(uint8 policy, Transport transport) private pure returns (bool) {
        return policy & uint8(transport) == uint8(transport);
    }

    function _saidKey(
        bytes32 chainHash,
        Transport transport,
        uint32 epoch,
        bytes32 digest
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(chainHash, transport, epoch, digest));
    }

    function _owner() private view returns (address) {
        return Ownable(COLLECTION).owner();
    }

    function _guardian() private view returns (address) {
        return ICollection(COLLECTION).guardian();
    }

    function _toBytes32(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
