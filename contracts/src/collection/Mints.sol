// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ICollection, LegState, MintCommit, MintRequest} from "../interfaces/ICollection.sol";
import {Deployment} from "../interfaces/IRegistryFactory.sol";
import {ISeedSource} from "../interfaces/ISeedSource.sol";
import {LegHead, LegHeads} from "../libraries/LegHeads.sol";
import {WorkIds} from "../libraries/WorkIds.sol";
import {RegistryTerms} from "./RegistryTerms.sol";

/// @title How works come to be: the minter commits, then anyone mints. See {ICollection-commitMints}.
abstract contract Mints is RegistryTerms, EIP712 {
    using LegHeads for LegHead;

    bytes32 private constant MINT_TYPEHASH =
        keccak256("Mint(bytes32 registryId,bytes32 documentHash,bytes32 royaltyPolicyHash)");
    /// @dev Block hashes older than this are gone.
    uint256 private constant BLOCK_HASHES = 256;

    /// @inheritdoc ICollection
    uint64 public immutable editionCap;
    /// @inheritdoc ICollection
    address public immutable artist;
    /// @inheritdoc ICollection
    address public immutable seedSource;

    /// @inheritdoc ICollection
    uint64 public reserved;
    /// @inheritdoc ICollection
    uint64 public minted;
    uint64 internal _burned;
    /// @dev A commit: receiver in the upper 160 bits, block and edition in 48 bits each. Once minted, the work's id,
    /// whose edition leaves the block's bits zero. One word, so that the mint rewrites what the commit wrote.
    mapping(bytes32 documentHash => uint256 entry) private _entries;

    constructor(Deployment memory deployment) EIP712("Colophon Collection", "1") {
        if (deployment.manifest.editionCap > type(uint48).max) {
            revert EditionCapTooGreat(deployment.manifest.editionCap);
        }
        editionCap = deployment.manifest.editionCap;
        artist = deployment.manifest.artist;
        seedSource = deployment.manifest.seedSource;
    }

    /// @inheritdoc ICollection
    function commitMints(MintRequest[] calldata requests) external onlyHome onlyMinter {
        for (uint256 i = 0; i < requests.length; ++i) {
            _commit(requests[i]);
        }
    }

    /// @inheritdoc ICollection
    function mint(bytes32 documentHash) external returns (uint256) {
        return _mintCommitted(documentHash);
    }

    /// @inheritdoc ICollection
    function mintBatch(bytes32[] calldata documentHashes) external returns (uint256[] memory workIds) {
        workIds = new uint256[](documentHashes.length);
        for (uint256 i = 0; i < documentHashes.length; ++i) {
            workIds[i] = _mintCommitted(documentHashes[i]);
        }
    }

    /// @inheritdoc ICollection
    function workOf(bytes32 documentHash) external view returns (uint256) {
        uint256 entry = _entries[documentHash];
        return _commitBlockOf(entry) == 0 ? entry : 0;
    }

    /// @inheritdoc ICollection
    function commitOf(bytes32 documentHash) external view returns (MintCommit memory commit) {
        uint256 entry = _entries[documentHash];
        if (_commitBlockOf(entry) == 0) return commit;
        return MintCommit(address(uint160(entry >> 96)), uint48(_commitBlockOf(entry)), uint48(entry));
    }

    /// @inheritdoc ICollection
    function supply() external view returns (uint64) {
        return minted - _burned;
    }

    function _commit(MintRequest calldata request) private {
        bytes32 documentHash = request.documentHash;
        uint256 earlier = _entries[documentHash];
        if (earlier != 0) revert DocumentAlreadyCommitted(documentHash, uint48(earlier));
        if (reserved >= editionCap) revert EditionCapExceeded(editionCap);
        _requireUsable(request.to);
        if (artist != address(0)) _requireArtist(documentHash, request.artistSignature);

        uint64 edition = ++reserved;
        _entries[documentHash] = (uint256(uint160(request.to)) << 96) | (block.number << 48) | edition;
        emit MintCommitted(documentHash, request.to, edition);
        if (seedSource != address(0)) ISeedSource(seedSource).requestEntropy(documentHash);
    }

    function _mintCommitted(bytes32 documentHash) private returns (uint256 workId) {
        uint256 entry = _entries[documentHash];
        if (entry == 0) revert DocumentNotCommitted(documentHash);
        uint256 commitBlock = _commitBlockOf(entry);
        // Minted before, perhaps by somebody else: nothing is left to do.
        if (commitBlock == 0) return entry;

        uint64 edition = uint48(entry);
        bytes32 seed = keccak256(abi.encode(_entropyOf(documentHash, commitBlock), documentHash, edition, registryId));
        bytes32 commitment = WorkIds.commitmentOf(documentHash, seed, edition);
        workId = WorkIds.workIdOf(commitment, edition);

        _entries[documentHash] = workId;
        _seeds[workId] = seed;
        ++minted;
        LegHead memory head = _headOf(workId);
        head.setState(LegState.LIVE);
        address to = address(uint160(entry >> 96));
        _rewrite(workId, head, to);
        emit WorkMinted(workId, to, documentHash, seed, edition, commitment);
    }

    /// @dev The latest block that has its hash and is a whole number of 256 blocks after the first candidate. At first
    /// that is the candidate itself, the one block that nobody knew at the commit.
    function _entropyOf(bytes32 documentHash, uint256 commitBlock) private view returns (bytes32 entropy) {
        if (seedSource != address(0)) {
            entropy = ISeedSource(seedSource).entropyOf(documentHash);
            if (entropy == 0) revert EntropyNotReady(documentHash);
            return entropy;
        }
        uint256 candidate = commitBlock + 1;
        if (block.number <= candidate) revert CommitTooYoung(documentHash, candidate + 1);
        return blockhash(block.number - 1 - (block.number - 1 - candidate) % BLOCK_HASHES);
    }

    function _requireArtist(bytes32 documentHash, bytes calldata signature) private view {
        bytes32 structHash = keccak256(abi.encode(MINT_TYPEHASH, registryId, documentHash, _terms.royaltyPolicyHash));
        if (!SignatureChecker.isValidSignatureNow(artist, _hashTypedDataV4(structHash), signature)) {
            revert ArtistSignatureInvalid(documentHash);
        }
    }

    function _commitBlockOf(uint256 entry) private pure returns (uint256) {
        return (entry >> 48) & type(uint48).max;
    }
}
