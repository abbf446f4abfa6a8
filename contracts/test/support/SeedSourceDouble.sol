// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ISeedSource} from "../../src/interfaces/ISeedSource.sol";

/// @dev A seed source that answers what the test says, when it says it.
contract SeedSourceDouble is ISeedSource {
    uint256 public asked;
    mapping(bytes32 documentHash => bytes32) public entropyOf;

    function requestEntropy(bytes32) external {
        ++asked;
    }

    function answer(bytes32 documentHash, bytes32 entropy) external {
        entropyOf[documentHash] = entropy;
    }
}
