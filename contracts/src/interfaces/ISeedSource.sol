// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Where seeds come from if not from block hashes: a port for a verifiable random function.
/// @notice The collection asks at the commit and reads at the mint, so nobody knows the answer when he commits.
interface ISeedSource {
    /// @notice Collection only: asks for the entropy of a document that was just committed. Must not fail for want of
    /// anything that the minter cannot mend.
    function requestEntropy(bytes32 documentHash) external;

    /// @notice The answer, the same for ever once it is there; zero until then.
    function entropyOf(bytes32 documentHash) external view returns (bytes32);
}
