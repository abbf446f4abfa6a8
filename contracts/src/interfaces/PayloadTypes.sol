// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One travelling work, as a `WORKS` statement carries it. What a destination can compute is not in it: the
/// edition is in the id, the commitment follows from document, seed and edition.
/// @param workId Token id; carries 160 bits of the commitment, and the edition.
/// @param documentHash keccak256 of the canonical provenance document.
/// @param seed Computed by the home contract at the mint.
/// @param hop Number of this move.
/// @param revision Greatest revision known at the source.
/// @param stateHash State hash of that revision.
/// @param frozen Whether that revision freezes the work.
/// @param to Receiver on the destination, as 32 bytes.
/// @param fallbackTo Has the work if `to` does not accept it.
/// @param holder Who had it at the source; has it again if the statement is voided.
/// @param user ERC-4907 user, as 32 bytes; zero if none.
/// @param userExpires Unix time in seconds up to which `user` is the user.
struct WorkPayload {
    uint256 workId;
    bytes32 documentHash;
    bytes32 seed;
    uint40 hop;
    uint40 revision;
    bytes32 stateHash;
    bool frozen;
    bytes32 to;
    bytes32 fallbackTo;
    bytes32 holder;
    bytes32 user;
    uint64 userExpires;
}

/// @notice The state of a work by its greatest revision.
struct StatePayload {
    uint256 workId;
    uint40 revision;
    bytes32 stateHash;
    bool frozen;
}

/// @notice What holds for all works of a registry, by revision: decided at home, replicated as it is.
/// @param revision Only grows; zero is what the manifest says.
/// @param royaltyBps ERC-2981 royalty in basis points, at most 10,000.
/// @param restrictsTransfers Whether only `operators` may move works for their holders. Holders always may.
/// @param royaltyPolicyHash keccak256 of the canonical royalty policy, which names the splits; zero if there is none.
/// @param licenceHash keccak256 of the licence's text; zero if there is none.
/// @param operators Who may move works for holders who approved it, as 32 bytes; at most 16.
struct RegistryState {
    uint40 revision;
    uint16 royaltyBps;
    bool restrictsTransfers;
    bytes32 royaltyPolicyHash;
    bytes32 licenceHash;
    bytes32[] operators;
}

/// @notice One work that a holder sends.
/// @param workId Token id.
/// @param documentHash keccak256 of the work's canonical provenance document. Chains keep a work's origin only inside
/// its id, so whoever sends it shows it; another origin reverts.
/// @param seed What the home contract drew at the mint ({ICollection-WorkMinted}).
/// @param hop The hop that the holder sees in {ICollection-legOf}; a second send with the same hop reverts.
/// @param to Receiver on the destination, as 32 bytes (an EVM address left-padded with zeros).
/// @param fallbackTo Has the work if `to` does not accept it; must be able to hold an ERC-721 without a callback.
struct WorkSend {
    uint256 workId;
    bytes32 documentHash;
    bytes32 seed;
    uint64 hop;
    bytes32 to;
    bytes32 fallbackTo;
}
