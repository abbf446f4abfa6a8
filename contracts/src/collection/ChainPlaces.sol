// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ICollection} from "../interfaces/ICollection.sol";
import {ChainEntry} from "../interfaces/IRegistryFactory.sol";

/// @title Numbers for the mirrors of a registry, small enough to stand in a {LegHead}. Home alone has them.
abstract contract ChainPlaces {
    bytes32[] private _chainHashes;
    mapping(bytes32 chainHash => uint8 place) private _places;

    /// @dev Home itself gets none: no work is escrowed for it.
    function _numberChains(ChainEntry[] memory chains, bytes32 homeChainHash) internal {
        if (chains.length > type(uint8).max) revert ICollection.TooManyChains(chains.length);
        for (uint256 i = 0; i < chains.length; ++i) {
            _chainHashes.push(chains[i].chainHash);
            if (chains[i].chainHash != homeChainHash) _places[chains[i].chainHash] = uint8(i + 1);
        }
    }

    /// @return From 1; zero for home, a chain that the registry does not have, and everything on mirrors.
    function _placeOf(bytes32 chainHash) internal view returns (uint8) {
        return _places[chainHash];
    }

    /// @param place From 1.
    function _chainAt(uint8 place) internal view returns (bytes32) {
        return _chainHashes[place - 1];
    }
}
