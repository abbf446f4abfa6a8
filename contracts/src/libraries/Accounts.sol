// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Accounts as statements carry them, 32 bytes for every ecosystem, and as this one has them.
library Accounts {
    /// @return The address in the lower 20 bytes; zero if the upper 12 are not empty.
    function toAddress(bytes32 account) internal pure returns (address) {
        return uint256(account) >> 160 == 0 ? address(uint160(uint256(account))) : address(0);
    }

    function toBytes32(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
