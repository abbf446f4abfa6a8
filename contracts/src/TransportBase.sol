// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {GatewayUser} from "./GatewayUser.sol";
import {ChainEntry, Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {IGateway} from "./interfaces/IGateway.sol";
import {ITransport} from "./interfaces/ITransport.sol";
import {Manifests} from "./libraries/Manifests.sol";

/// @title What both transports share: routes, payment, and the one call to the Gateway. See {ITransport}.
abstract contract TransportBase is ITransport, GatewayUser {
    /// @inheritdoc ITransport
    address public immutable protocol;

    /// @inheritdoc ITransport
    mapping(bytes32 chainHash => uint64 protocolChainId) public protocolChainIdOf;
    /// @inheritdoc ITransport
    mapping(bytes32 chainHash => bytes32 peer) public peerOf;
    mapping(uint64 protocolChainId => bytes32 chainHash) private _chainHashes;
    /// @dev By {_sourceKey}: one look for each delivery.
    mapping(bytes32 sourceKey => bytes32 chainHash) private _sources;

    constructor(Deployment memory deployment, Component component) GatewayUser(deployment) {
        ChainEntry memory local = Manifests.localEntry(deployment.manifest);
        (address localProtocol,) = _protocolIn(local);
        if (localProtocol == address(0)) revert RouteUnknown(local.chainHash);
        protocol = localProtocol;

        ChainEntry[] memory chains = deployment.manifest.chains;
        for (uint256 i = 0; i < chains.length; ++i) {
            bytes32 chainHash = chains[i].chainHash;
            if (!Manifests.isPeer(deployment.manifest, local.chainHash, chainHash)) continue;
            (, uint64 protocolChainId) = _protocolIn(chains[i]);
            if (protocolChainId == 0) continue;
            protocolChainIdOf[chainHash] = protocolChainId;
            peerOf[chainHash] = deployment.peers[i][uint256(component)];
            _chainHashes[protocolChainId] = chainHash;
            _sources[_sourceKey(protocolChainId, abi.encode(peerOf[chainHash]))] = chainHash;
        }
    }

    /// @inheritdoc ITransport
    function send(
        bytes32 dstChainHash,
        bytes calldata message,
        uint256 gasLimit,
        address refundTo
    ) external payable returns (bytes32 messageId) {
        if (msg.sender != gateway) revert NotGateway(msg.sender);
        (uint64 protocolChainId, bytes32 peer) = _routeTo(dstChainHash);
        return _send(protocolChainId, peer, message, gasLimit, refundTo);
    }

    /// @inheritdoc ITransport
    function quote(bytes32 dstChainHash, bytes calldata message, uint256 gasLimit) external view returns (uint256) {
        (uint64 protocolChainId, bytes32 peer) = _routeTo(dstChainHash);
        return _quote(protocolChainId, peer, message, gasLimit);
    }

    /// @inheritdoc ITransport
    function limitsTo(bytes32 dstChainHash) external view returns (uint256 maxBytes, uint256 maxGas) {
        _routeTo(dstChainHash);
        return _limits();
    }

    /// @dev Passes on a message after checking that the protocol's contract calls and that the peer sent it.
    /// @param sender As the protocol encodes it, compared without decoding: no sender can make a decoder fail.
    function _deliver(uint64 protocolChainId, bytes memory sender, bytes calldata message) internal {
        if (msg.sender != protocol) revert NotProtocol(msg.sender);
        bytes32 srcChainHash = _sourceOf(protocolChainId, sender);
        if (srcChainHash == 0) {
            if (_chainHashes[protocolChainId] == 0) revert SourceUnknown(protocolChainId);
            revert SenderUnknown(sender);
        }
        IGateway(gateway).deliver(srcChainHash, message);
    }

    /// @dev The chain of a peer, by the protocol's names for both; zero for everybody else.
    function _sourceOf(uint64 protocolChainId, bytes memory sender) internal view returns (bytes32) {
        return _sources[_sourceKey(protocolChainId, sender)];
    }

    function _sourceKey(uint64 protocolChainId, bytes memory sender) private pure returns (bytes32) {
        return keccak256(abi.encode(protocolChainId, sender));
    }

    function _routeTo(bytes32 dstChainHash) private view returns (uint64 protocolChainId, bytes32 peer) {
        protocolChainId = protocolChainIdOf[dstChainHash];
        if (protocolChainId == 0) revert RouteUnknown(dstChainHash);
        peer = peerOf[dstChainHash];
    }

    /// @dev The protocol's contract and name for a chain; both zero where the protocol is not.
    function _protocolIn(ChainEntry memory entry) internal pure virtual returns (address, uint64);

    /// @dev What one message can have: bytes, and gas on its destination.
    function _limits() internal pure virtual returns (uint256 maxBytes, uint256 maxGas);

    function _quote(
        uint64 protocolChainId,
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit
    ) internal view virtual returns (uint256 feeWei);

    /// @dev Pays from `msg.value`, and gives what the fee leaves of it to `refundTo`.
    function _send(
        uint64 protocolChainId,
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit,
        address refundTo
    ) internal virtual returns (bytes32 messageId);
}
