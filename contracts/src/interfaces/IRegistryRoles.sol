// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The role book of a registry, kept by its collection, as the contracts that handle money read it.
interface IRegistryRoles {
    /// @notice Owner of the registry.
    function owner() external view returns (address);

    /// @notice The platform's working key.
    function minter() external view returns (address);
}
