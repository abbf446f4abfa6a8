// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGatewayUser} from "./IGatewayUser.sol";
import {Leg} from "./ICollection.sol";
import {RegistryState, WorkPayload, WorkSend} from "./PayloadTypes.sol";

/// @notice What can be seen on chain of the powers over an adopted contract. The storage slots of EIP-1967
/// (implementation, admin, beacon) can only be read from outside, with `eth_getStorageAt` on `token`.
/// @param token The adopted ERC-721.
/// @param codeHash Hash of its code now. For a proxy this is the proxy's.
/// @param adoptedCodeHash The same when this adapter was deployed.
/// @param owner What its `owner()` answers; zero if it answers no address.
struct AdoptedPosture {
    address token;
    bytes32 codeHash;
    bytes32 adoptedCodeHash;
    address owner;
}

/// @title Stands in for the {ICollection} of a registry on its home chain, for tokens of an ERC-721 that is there
/// already. Mirrors have their {ICollection} as ever.
/// @notice A weaker class: that contract's admin can do with the tokens what its code lets him, in escrow too. What
/// this adapter adds is that it notices: escrow is checked when it is taken and whenever anyone asks, and a loss is a
/// revision that freezes the work on its mirror. One live copy and unbroken origin hold while that contract behaves.
///
/// A work's origin is its token: documentHash = keccak256(abi.encode(homeChainHash, token, tokenId)), seed = tokenId,
/// edition = 0; the id follows from them as for every work. Events and errors are those of {ICollection} where they
/// mean the same.
interface IAdoptedCollection is IGatewayUser {
    /// @notice A token is known as a work from now on. Here the adopted contract says that `holder` owns it.
    event WorkAdopted(uint256 indexed workId, uint256 indexed tokenId, bytes32 documentHash, address holder);

    /// @notice The adopted contract did not hand the token over; it waits here for `claimant`.
    event ReleaseHeld(uint256 indexed workId, address indexed claimant);

    /// @notice A token that waited here is with `recipient`.
    event ReleaseClaimed(uint256 indexed workId, address indexed recipient);

    /// @notice The token did not come into escrow although the adopted contract said nothing.
    error EscrowNotTaken(uint256 workId, address owner);

    /// @notice The token waits here for `claimant`; it cannot leave before it is claimed.
    error ReleasePending(uint256 workId, address claimant);

    /// @notice Nothing waits here for anybody.
    error NothingHeld(uint256 workId);

    /// @notice The adopted contract did not hand the token over this time either.
    error ReleaseFailed(uint256 workId);

    /// @notice Anyone: makes a token of the adopted contract known as a work. Twice changes nothing.
    function adopt(uint256 tokenId) external returns (uint256 workId);

    /// @notice As {adopt}, for several tokens: all or none.
    function adoptBatch(uint256[] calldata tokenIds) external;

    /// @notice See {ICollection-depart}. The operator is the token's owner, or approved by the owner for all tokens;
    /// this adapter has to be approved for the token, too.
    function depart(
        bytes32 dstChainHash,
        uint64 nonce,
        WorkSend[] calldata works,
        address operator
    ) external returns (WorkPayload[] memory);

    /// @notice See {ICollection-arrive}. The token goes to `work.to`, without a callback, or to `work.fallbackTo` if
    /// the former is no address; if the adopted contract does not hand it over, it waits for {claim}.
    function arrive(bytes32 srcChainHash, bytes32 digest, bytes calldata payload) external;

    /// @notice See {ICollection-recredit}; a token that is not handed over waits for {claim}.
    function recredit(bytes32 dstChainHash, bytes32 digest, uint64 nonce, WorkPayload[] calldata works) external;

    /// @notice See {ICollection-reclaim}.
    function reclaim(bytes32 chainHash, uint256 workId, address holder) external;

    /// @notice Anyone: has a token that waits here handed over to whom it waits for.
    function claim(uint256 workId) external;

    /// @notice The one for whom a token waits: has it handed over to somebody else.
    function claimTo(uint256 workId, address recipient) external;

    /// @notice Anyone: compares who has the token with who should. A loss of escrow freezes the work by a revision,
    /// which the Gateway states to the mirror as every revision; a return lifts the freeze.
    /// @return lost Whether the token should be in escrow and is not.
    function checkEscrow(uint256 workId) external returns (bool lost);

    /// @notice See {ICollection-legOf}. While a token waits for {claim}, the one for whom it waits is the holder.
    function legOf(uint256 workId) external view returns (Leg memory);

    /// @notice See {ICollection-payloadsOf}.
    function payloadsOf(WorkSend[] calldata works) external view returns (WorkPayload[] memory);

    /// @notice See {ICollection-registryState}: the manifest's, for ever; an adopted contract has its own terms.
    function registryState() external view returns (RegistryState memory);

    /// @notice The token that a work stands for. Reverts with {ICollection-WorkUnknown} for one that is not adopted.
    function tokenOf(uint256 workId) external view returns (uint256 tokenId);

    /// @notice The work of a token, adopted or not yet, and the document hash that its sender has to give. Its seed is
    /// the token id.
    function workOfToken(uint256 tokenId) external view returns (uint256 workId, bytes32 documentHash);

    /// @notice See {AdoptedPosture}.
    function posture() external view returns (AdoptedPosture memory);

    /// @notice The adopted ERC-721.
    function token() external view returns (address);

    /// @notice See {Deployment-registryId}.
    function registryId() external view returns (bytes32);

    /// @notice Chain hash of this chain, which is the registry's home.
    function localChainHash() external view returns (bytes32);

    /// @notice The same.
    function homeChainHash() external view returns (bytes32);

    /// @notice Gas that the adopted contract gets to hand a token over.
    function RELEASE_GAS() external view returns (uint256);
}
