// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ChainEntry, Component, IRegistryFactory, Manifest} from "../interfaces/IRegistryFactory.sol";

/// @title Reading a manifest from the point of view of one chain.
library Manifests {
    /// @dev The entry of the chain on which this runs.
    function localEntry(Manifest memory manifest) internal view returns (ChainEntry memory) {
        for (uint256 i = 0; i < manifest.chains.length; ++i) {
            if (manifest.chains[i].chainId == block.chainid) return manifest.chains[i];
        }
        revert IRegistryFactory.ChainNotInManifest(block.chainid);
    }

    /// @dev Whether `chainHash` is a peer of the local chain. Travel is a hub: home knows every mirror, a mirror
    /// knows only home, so that a weak chain can release only what is on it.
    function isPeer(Manifest memory manifest, bytes32 localChainHash, bytes32 chainHash) internal pure returns (bool) {
        if (chainHash == localChainHash) return false;
        return localChainHash == manifest.homeChainHash || chainHash == manifest.homeChainHash;
    }

    /// @dev Refuses a manifest whose chains contradict each other: what it deploys could never be mended.
    function validate(Manifest memory manifest) internal pure {
        bool homeListed = false;
        for (uint256 i = 0; i < manifest.chains.length; ++i) {
            ChainEntry memory entry = manifest.chains[i];
            if (entry.chainHash != eip155ChainHash(entry.chainId)) {
                revert IRegistryFactory.InvalidChainEntry(i, entry.chainHash);
            }
            for (uint256 j = 0; j < i; ++j) {
                if (manifest.chains[j].chainHash == entry.chainHash) {
                    revert IRegistryFactory.InvalidChainEntry(i, entry.chainHash);
                }
            }
            if (entry.chainHash == manifest.homeChainHash) homeListed = true;
        }
        if (!homeListed) revert IRegistryFactory.HomeNotInManifest(manifest.homeChainHash);
    }

    /// @dev Refuses a list of components that is no registry.
    function requireComponents(bytes32[] memory codeHashes) internal pure {
        uint256 count = uint256(type(Component).max) + 1;
        if (codeHashes.length != count) revert IRegistryFactory.CodeHashCount(count, codeHashes.length);
        Component[4] memory required =
            [Component.COLLECTION, Component.GATEWAY, Component.DELAYED_QUEUE, Component.LANES];
        for (uint256 i = 0; i < required.length; ++i) {
            if (codeHashes[uint256(required[i])] == 0) revert IRegistryFactory.ComponentMissing(required[i]);
        }
    }

    /// @dev keccak256 of the CAIP-2 name of an EVM chain (https://chainagnostic.org/CAIPs/caip-2).
    function eip155ChainHash(uint256 chainId) internal pure returns (bytes32) {
        return keccak256(bytes(string.concat("eip155:", Strings.toString(chainId))));
    }
}
