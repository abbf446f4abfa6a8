// SPDX-License-Identifier: CC0-1.0
pragma solidity ^0.8.28;

/// @title ERC-4907: a user beside the owner, until a time (https://eips.ethereum.org/EIPS/eip-4907, read 2026-11).
/// @notice The interface id is 0xad092b5c.
interface IERC4907 {
    /// @notice A work has another user, or none (zero), up to `expires` (Unix time in seconds).
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);

    /// @notice Holder or approved: names the user up to `expires`. A transfer leaves the user in place.
    function setUser(uint256 tokenId, address user, uint64 expires) external;

    /// @notice The present user; zero if there is none or the time is over.
    function userOf(uint256 tokenId) external view returns (address);

    /// @notice The time up to which the last user was or is one; zero if none was named.
    function userExpires(uint256 tokenId) external view returns (uint256);
}
