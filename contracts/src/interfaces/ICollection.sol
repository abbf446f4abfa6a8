// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGatewayUser} from "./IGatewayUser.sol";
import {RegistryState, WorkPayload, WorkSend} from "./PayloadTypes.sol";

/// @notice What this contract knows of its leg of a work. A work on its way has no leg of its own: the source's leg
/// is `ESCROWED` (home) or `BURNED` (mirror), and the statement is not yet applied at its destination.
/// - `NONE`: never seen here.
/// - `LIVE`: here; it has a holder.
/// - `ESCROWED`: home only: on a mirror, or on its way to or from it.
/// - `BURNED`: mirror: it left and may come back. Home: the holder destroyed it, for ever.
enum LegState {
    NONE,
    LIVE,
    ESCROWED,
    BURNED
}

/// @notice One work on this chain.
/// @param holder Who owns the live leg; zero unless `LIVE`.
/// @param state See {LegState}.
/// @param frozen Frozen here, or by a revision that home stated. A frozen work neither changes hands nor leaves.
/// @param hop Number of the last move that this contract took part in; a departure and its arrival share it.
/// @param revision Greatest revision known here; zero before the first.
/// @param stateHash State hash of that revision.
/// @param location Chain hash of where, by this contract's knowledge, the work is or is on its way to; zero if it
/// knows none. A mirror only knows that a work went home.
struct Leg {
    address holder;
    LegState state;
    bool frozen;
    uint64 hop;
    uint64 revision;
    bytes32 stateHash;
    bytes32 location;
}

/// @notice One commit of a batch.
/// @param to First holder. Gets no callback.
/// @param documentHash keccak256 of the canonical provenance document; mints once.
/// @param artistSignature The artist's, over EIP-712
/// `Mint(bytes32 registryId,bytes32 documentHash,bytes32 royaltyPolicyHash)`; domain: name `Colophon Collection`,
/// version `1`, home's chain id, this contract. Ignored if the manifest names no artist.
struct MintRequest {
    address to;
    bytes32 documentHash;
    bytes artistSignature;
}

/// @notice An edition that is reserved and not minted yet; all zero if there is none.
/// @param to First holder.
/// @param commitBlock Number of the block of the commit.
/// @param edition Number of the edition.
struct MintCommit {
    address to;
    uint48 commitBlock;
    uint48 edition;
}

/// @title The works of one registry on one chain: ERC-721, ERC-2981, ERC-4906, ERC-4907, ERC-7572.
/// @notice One bytecode for the home chain and its mirrors. Only the home mints. Travel is a hub: home escrows a
/// work and releases it only for an arrival from the chain it went to; a mirror knows only home. The contract
/// enforces identity, location and hop by itself, whatever its Gateway says.
interface ICollection is IGatewayUser {
    /// @notice An edition is reserved; anyone may mint it from two blocks later on.
    event MintCommitted(bytes32 indexed documentHash, address indexed to, uint64 edition);

    /// @notice A work exists. `workId` is its token id on every chain.
    event WorkMinted(
        uint256 indexed workId,
        address indexed to,
        bytes32 indexed documentHash,
        bytes32 seed,
        uint64 edition,
        bytes32 commitment
    );

    /// @notice A work left this chain with the statement that has this nonce to that chain, where `to`, an address as 32
    /// bytes, is to have it.
    event WorkDeparted(
        uint256 indexed workId,
        bytes32 indexed dstChainHash,
        uint64 hop,
        address indexed holder,
        bytes32 to,
        uint64 nonce
    );

    /// @notice A work is live on this chain again, or for the first time; `holder` has it.
    event WorkArrived(
        uint256 indexed workId, bytes32 indexed srcChainHash, uint64 hop, address indexed holder, bytes32 digest
    );

    /// @notice The statement `digest`, which carried the work away at `hop`, was voided: `holder` has it again.
    event WorkRecredited(uint256 indexed workId, uint64 hop, address indexed holder, bytes32 digest);

    /// @notice The chain that the work was on is retired: its last owner there has it again, at home.
    event WorkReclaimed(uint256 indexed workId, bytes32 indexed chainHash, uint64 hop, address indexed holder);

    /// @notice The receiver named by the sender did not accept the work, so `fallbackTo` has it.
    event WorkHeld(uint256 indexed workId, address indexed fallbackTo);

    /// @notice Home gave the mutable state of a work a new revision.
    event RevisionStated(uint256 indexed workId, uint64 revision, bytes32 stateHash);

    /// @notice A mirror took over a revision that home had stated.
    event RevisionApplied(uint256 indexed workId, uint64 revision, bytes32 stateHash);

    /// @notice A work is frozen, by guardian or owner here, or on a mirror by a revision from home.
    event WorkFrozen(uint256 indexed workId);

    /// @notice One reason for the freeze is gone; {ICollection-legOf} tells whether the work is free.
    event WorkUnfrozen(uint256 indexed workId);

    /// @notice The holder destroyed a work; the supply is smaller by one.
    event WorkBurned(uint256 indexed workId, address indexed holder);

    /// @notice The registry's own state has a new revision: stated here at home, taken over on a mirror.
    event RegistryStated(uint40 indexed revision, RegistryState state);

    /// @notice ERC-7572: the metadata of the collection changed.
    event ContractURIUpdated();

    /// @notice Another account may mint and state revisions.
    event MinterChanged(address indexed previous, address indexed current);

    /// @notice Another account may state the registry's own revisions.
    event PolicyChanged(address indexed previous, address indexed current);

    /// @notice Another account may change the URIs.
    event OperatorChanged(address indexed previous, address indexed current);

    /// @notice Another account may freeze and unfreeze.
    event GuardianChanged(address indexed previous, address indexed current);

    /// @notice Only the home chain does this.
    error NotHome(bytes32 localChainHash);

    /// @notice The caller has not the role that this needs.
    error Unauthorized(address caller);

    /// @notice All editions are reserved or minted.
    error EditionCapExceeded(uint64 editionCap);

    /// @notice More editions than a commit can number.
    error EditionCapTooGreat(uint64 editionCap);

    /// @notice This document has an edition already; a retried commit changes nothing.
    error DocumentAlreadyCommitted(bytes32 documentHash, uint64 edition);

    /// @notice Nothing is reserved for this document.
    error DocumentNotCommitted(bytes32 documentHash);

    /// @notice The block whose hash makes the seed has no hash yet; the mint succeeds from `fromBlock` on.
    error CommitTooYoung(bytes32 documentHash, uint256 fromBlock);

    /// @notice The registry's seed source has not answered yet.
    error EntropyNotReady(bytes32 documentHash);

    /// @notice The signature is not the artist's over this document and the present royalty policy.
    error ArtistSignatureInvalid(bytes32 documentHash);

    /// @notice More than the whole price.
    error RoyaltyTooHigh(uint256 royaltyBps);

    /// @notice More than {MAX_OPERATORS}.
    error TooManyOperators(uint256 count);

    /// @notice The registry's transfer policy does not let this operator act for holders.
    error OperatorNotAllowed(address operator);

    /// @notice No such work on this chain.
    error WorkUnknown(uint256 workId);

    /// @notice The work's seed stands only in what home emitted at its mint; see {recordSeed}.
    error SeedUnknown(uint256 workId);

    /// @notice The work is not here, so it can neither leave nor change.
    error WorkNotLive(uint256 workId, LegState state);

    /// @notice A frozen work neither changes hands nor leaves.
    error WorkIsFrozen(uint256 workId);

    /// @notice The work is already at another hop: this send was done before, or the work came and went since.
    error UnexpectedHop(uint64 expected, uint64 actual);

    /// @notice An arrival that is not newer than what is known here.
    error StaleHop(uint256 workId, uint64 stored, uint64 arrived);

    /// @notice A revision was stated since the caller looked.
    error UnexpectedRevision(uint64 expected, uint64 actual);

    /// @notice An arrival from, or a departure to, a chain where by the hub's record the work cannot be or go.
    /// `expected` is zero if any other chain would do.
    error WrongLocation(uint256 workId, bytes32 expected, bytes32 actual);

    /// @notice Revisions come from home, never to it. Zero stands for the registry's own state.
    error HomeDecides(uint256 workId);

    /// @notice Document and seed give `commitment`, which is not the one that the work's id carries.
    error CommitmentMismatch(uint256 workId, bytes32 commitment);

    /// @notice More chains than a leg can number.
    error TooManyChains(uint256 count);

    /// @notice Too little gas is left to give the receiver its share.
    error CallbackGasTooLow(uint256 required, uint256 available);

    /// @notice Home and minter only: reserves the next editions, in order, all or none. The seed of each will be
    /// keccak256(abi.encode(blockhash(commitBlock + 1), documentHash, edition, registryId)): nobody knows it now,
    /// everybody does after, and anyone may {mint}. So the minter cannot keep back a seed that he dislikes, and an
    /// edition once reserved is never free again.
    /// @dev What remains: the proposer of the next block may withhold it, at the price of its reward. If nobody mints
    /// for 256 blocks, the hash is gone, and the latest block that follows the first by a multiple of 256 takes its
    /// place; so whoever wants another draw needs everybody else to leave the edition alone that long. Where block
    /// hashes are not to be trusted, the manifest names an {ISeedSource}, whose answer takes the place of the hash.
    function commitMints(MintRequest[] calldata requests) external;

    /// @notice Anyone: mints the edition that is reserved for a document. A document that was minted before answers
    /// its work and changes nothing.
    /// @return workId Token id: upper 160 bits of the commitment, then the edition in 96 bits.
    function mint(bytes32 documentHash) external returns (uint256 workId);

    /// @notice As {mint}, for several documents, in order, all or none.
    function mintBatch(bytes32[] calldata documentHashes) external returns (uint256[] memory workIds);

    /// @notice Home, policy only: states the next revision of the registry's own state.
    /// @param next Its `revision` is the present one plus one, so a retry states once.
    function stateRegistry(RegistryState calldata next) external;

    /// @notice Gateway only, on mirrors: takes over the registry's state from home if its revision is greater than the
    /// stored one. An older revision changes nothing.
    function applyRegistryState(RegistryState calldata next) external;

    /// @notice Destroys a work for ever. Holder or approved, home only: on a mirror it would leave home's leg
    /// escrowed with nothing that could ever release it.
    function burn(uint256 workId) external;

    /// @notice Home, minter only: raises the revision by one.
    /// @param expectedRevision The revision that the caller saw; another one reverts, so a retry states once.
    /// @param stateHash keccak256 of the canonical state document.
    /// @return revision The new revision.
    function stateRevision(
        uint256 workId,
        uint64 expectedRevision,
        bytes32 stateHash
    ) external returns (uint64 revision);

    /// @notice Guardian or owner: freezes a work on this chain; on the home chain this is also a new revision, so
    /// that it can be stated to mirrors. Mirrors freeze works that are absent, too. Doing it twice changes nothing.
    function freeze(uint256 workId) external;

    /// @notice Guardian or owner: takes back {freeze}. Does not lift a freeze that home stated to a mirror.
    function unfreeze(uint256 workId) external;

    /// @notice Gateway only: works leave. Home escrows them, a mirror burns them; approvals are cleared.
    /// @param nonce Of the statement that carries the works.
    /// @param works With the hop that the sender saw of each; at least one.
    /// @param operator Who asked for it: the holder of each, or approved by the holder.
    /// @return What that statement has to say of each.
    function depart(
        bytes32 dstChainHash,
        uint64 nonce,
        WorkSend[] calldata works,
        address operator
    ) external returns (WorkPayload[] memory);

    /// @notice Gateway only: works arrive. Home releases them, a mirror mints them. Refuses an origin that does not
    /// belong to the id, a hop that is not greater than the stored one, and a source where the work cannot be.
    /// A receiver with code gets `onERC721Received` with {RECEIVER_GAS} gas; if it does not accept, or `work.to`
    /// is no address, `work.fallbackTo` has the work, without a callback.
    function arrive(bytes32 srcChainHash, bytes32 digest, bytes calldata payload) external;

    /// @notice Gateway only: the statement that carried these works to `dstChainHash` is void for ever, so each goes
    /// back to the holder that it left, without a callback. A work that no longer stands as that departure left it
    /// stays as it is. The hop stays: the next departure takes the next one.
    /// @param digest Digest of the voided statement.
    /// @param nonce Its nonce.
    /// @param works What it says of each; at least one.
    function recredit(bytes32 dstChainHash, bytes32 digest, uint64 nonce, WorkPayload[] calldata works) external;

    /// @notice Gateway only, home only in effect: a work that was on a chain which is retired for ever is live at home.
    function reclaim(bytes32 chainHash, uint256 workId, address holder) external;

    /// @notice Gateway only, on mirrors: takes over a revision from home if it is greater than the stored one.
    /// Works also for a work that is not here. An older revision changes nothing.
    function applyRevision(uint256 workId, uint40 revision, bytes32 stateHash, bool frozen) external;

    /// @notice Operator or owner: `tokenURI` becomes `baseURI` followed by the decimal work id.
    function setBaseURI(string calldata baseURI) external;

    /// @notice Operator or owner: ERC-7572 metadata.
    function setContractURI(string calldata uri) external;

    /// @notice Owner only.
    function setMinter(address account) external;

    /// @notice Owner only.
    function setPolicy(address account) external;

    /// @notice Owner only.
    function setOperator(address account) external;

    /// @notice The guardian hands over at once; the owner replaces it through the queue, over the guardian's veto: a
    /// stolen owner key must not get rid of who can stop it.
    function setGuardian(address account) external;

    /// @notice What this contract knows of a work; all zero for one that it never saw.
    function legOf(uint256 workId) external view returns (Leg memory);

    /// @notice Anyone: keeps a work's seed where it was not minted, for contracts here that draw the work. Reverts with
    /// {CommitmentMismatch} for an origin that is not the work's.
    function recordSeed(uint256 workId, bytes32 documentHash, bytes32 seed) external;

    /// @notice What a statement has to say of each of these works if it is made now. Reverts with
    /// {CommitmentMismatch} for an origin that is not the work's.
    function payloadsOf(WorkSend[] calldata works) external view returns (WorkPayload[] memory);

    /// @notice What the home contract drew for a work at its mint. Reverts with {SeedUnknown} for a work that was
    /// neither minted here nor had its seed recorded.
    function seedOf(uint256 workId) external view returns (bytes32);

    /// @notice The work that a document was minted as, on the home chain; zero if none.
    function workOf(bytes32 documentHash) external view returns (uint256 workId);

    /// @notice The edition that is reserved for a document and not minted yet.
    function commitOf(bytes32 documentHash) external view returns (MintCommit memory);

    /// @notice The registry's own state as known here.
    function registryState() external view returns (RegistryState memory);

    /// @notice Works that exist, wherever they are: minted less burned. Known to home only, zero on mirrors.
    function supply() external view returns (uint64);

    /// @notice Editions ever reserved; also the last edition number. Zero on mirrors.
    function reserved() external view returns (uint64);

    /// @notice Works ever minted. Zero on mirrors.
    function minted() external view returns (uint64);

    /// @notice Works that can ever be minted.
    function editionCap() external view returns (uint64);

    /// @notice ERC-7572.
    function contractURI() external view returns (string memory);

    /// @notice Has to sign every mint; zero if nobody has to.
    function artist() external view returns (address);

    /// @notice {ISeedSource} of the home chain; zero for block hashes.
    function seedSource() external view returns (address);

    /// @notice May commit mints and state revisions of works.
    function minter() external view returns (address);

    /// @notice May state the registry's own revisions.
    function policy() external view returns (address);

    /// @notice May change the URIs.
    function operator() external view returns (address);

    /// @notice May freeze and unfreeze.
    function guardian() external view returns (address);

    /// @notice See {Deployment-registryId}.
    function registryId() external view returns (bytes32);

    /// @notice Chain hash of this chain.
    function localChainHash() external view returns (bytes32);

    /// @notice Chain hash of the chain that mints.
    function homeChainHash() external view returns (bytes32);

    /// @notice Operators that a transfer policy can name.
    function MAX_OPERATORS() external view returns (uint256);

    /// @notice Gas that a receiver gets for `onERC721Received`.
    function RECEIVER_GAS() external view returns (uint256);
}
