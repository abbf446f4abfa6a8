// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Component, Deployment, IRegistryFactory, Manifest} from "./interfaces/IRegistryFactory.sol";
import {Create3} from "./libraries/Create3.sol";
import {Manifests} from "./libraries/Manifests.sol";

/// @title Deploys the components of registries. See {IRegistryFactory}.
contract RegistryFactory is IRegistryFactory {
    /// @inheritdoc IRegistryFactory
    function deploy(
        Manifest calldata manifest,
        Component component,
        bytes calldata creationCode
    ) external returns (address at) {
        Manifests.requireComponents(manifest.codeHashes);
        bytes32 expected = _codeHashOf(manifest, component);
        if (expected == 0) revert ComponentUnused(component);
        bytes32 actual = keccak256(creationCode);
        if (actual != expected) revert CodeHashMismatch(component, expected, actual);

        at = addressOf(manifest, component);
        if (at.code.length != 0) revert AlreadyDeployed(at);

        Deployment memory deployment = _deploymentOf(manifest);
        Manifests.validate(deployment.manifest);
        Manifests.localEntry(deployment.manifest);

        bytes memory code = abi.encodePacked(creationCode, abi.encode(deployment));
        if (Create3.deploy(_saltOf(manifest, component), code) != at) revert DeploymentFailed(component);
        emit ComponentDeployed(deployment.registryId, keccak256(abi.encode(manifest)), component, at);
    }

    /// @inheritdoc IRegistryFactory
    function addressOf(Manifest calldata manifest, Component component) public view returns (address) {
        if (manifest.codeHashes[uint256(component)] == 0) return address(0);
        return Create3.addressOf(_saltOf(manifest, component));
    }

    /// @inheritdoc IRegistryFactory
    function registryIdOf(Manifest calldata manifest) public view returns (bytes32) {
        return keccak256(abi.encode(manifest.homeChainHash, address(this), manifest.owner, manifest.salt));
    }

    /// @dev Of the local chain's component: the home of adopted tokens has an adapter in the collection's place.
    function _codeHashOf(Manifest calldata manifest, Component component) private view returns (bytes32) {
        bool isAdapter = component == Component.COLLECTION && manifest.adopted != address(0)
            && manifest.homeChainHash == Manifests.eip155ChainHash(block.chainid);
        return isAdapter ? manifest.adapterCodeHash : manifest.codeHashes[uint256(component)];
    }

    function _deploymentOf(Manifest calldata manifest) private view returns (Deployment memory deployment) {
        deployment.manifest = manifest;
        deployment.registryId = registryIdOf(manifest);
        deployment.components = new address[](manifest.codeHashes.length);
        bytes32[] memory peer = new bytes32[](manifest.codeHashes.length);
        for (uint256 i = 0; i < peer.length; ++i) {
            deployment.components[i] = addressOf(manifest, Component(i));
            peer[i] = bytes32(uint256(uint160(deployment.components[i])));
        }
        deployment.peers = new bytes32[][](manifest.chains.length);
        for (uint256 i = 0; i < manifest.chains.length; ++i) {
            deployment.peers[i] = peer;
        }
    }

    function _saltOf(Manifest calldata manifest, Component component) private pure returns (bytes32) {
        return keccak256(abi.encode(manifest.owner, manifest.salt, keccak256(abi.encode(manifest)), component));
    }
}
