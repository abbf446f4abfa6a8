// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {WorkPayload, WorkSend} from "./PayloadTypes.sol";

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

/// @notice One mint of a batch.
struct MintRequest {
    address to;
    bytes32 documentHash;
}

/// @title The works of one registry on one chain: ERC-721, ERC-2981, ERC-4906, ERC-4907, ERC-7572.
/// @notice One bytecode for the home chain and its mirrors. Only the home mints. Travel is a hub: home escrows a
/// work and releases it only for an arrival from the chain it went to; a mirror knows only home. The contract
/// enforces identity, location and hop by itself, whatever its Gateway says.
interface ICollection {
    /// @notice A work exists. `workId` is its token id on every chain.
    event WorkMinted(
        uint256 indexed workId,
        address indexed to,
        bytes32 indexed documentHash,
        bytes32 seed,
        uint64 edition,
        bytes32 commitment
    );

    /// @notice A work left this chain. `digest` is that of the statement that carries it.
    event WorkDeparted(
        uint256 indexed workId, bytes32 indexed dstChainHash, uint64 hop, address indexed holder, bytes32 digest
    );

    /// @notice A work is live on this chain again, or for the first time; `holder` has it.
    event WorkArrived(
        uint256 indexed workId, bytes32 indexed srcChainHash, uint64 hop, address indexed holder, bytes32 digest
    );

    /// @notice The statement `digest`, which carried the work away at `hop`, was voided: `holder` has it again.
    event WorkRecredited(uint256 indexed workId, uint64 hop, address indexed holder, bytes32 digest);

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

    /// @notice ERC-7572: the metadata of the collection changed.
    event ContractURIUpdated();

    /// @notice Another account may mint and state revisions.
    event MinterChanged(address indexed previous, address indexed current);

    /// @notice Another account may freeze and unfreeze.
    event GuardianChanged(address indexed previous, address indexed current);

    /// @notice Only the home chain does this.
    error NotHome(bytes32 localChainHash);

    /// @notice The caller has not the role that this needs.
    error Unauthorized(address caller);

    /// @notice All editions are minted.
    error EditionCapExceeded(uint64 editionCap);

    /// @notice This document was minted before, as `workId`; a retried mint changes nothing.
    error DocumentAlreadyMinted(bytes32 documentHash, uint256 workId);

    /// @notice No such work on this chain.
    error WorkUnknown(uint256 workId);

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

    /// @notice Revisions come from home, never to it.
    error HomeDecides(uint256 workId);

    /// @notice Document and seed give `commitment`, which is not the one that the work's id carries.
    error CommitmentMismatch(uint256 workId, bytes32 commitment);

    /// @notice More chains than a leg can number.
    error TooManyChains(uint256 count);

    /// @notice Too little gas is left to give the receiver its share.
    error CallbackGasTooLow(uint256 required, uint256 available);

    /// @notice Mints the next edition. Home and minter only. The receiver gets no callback.
    /// @dev First cut: the seed mixes prevrandao, the parent block hash, document and edition, so a minter who
    /// simulates blocks can choose among seeds. Commit-reveal will take that away.
    /// @param to First holder.
    /// @param documentHash keccak256 of the canonical provenance document; mints once.
    /// @return workId Token id: upper 160 bits of the commitment, then the edition in 96 bits.
    function mint(address to, bytes32 documentHash) external returns (uint256 workId);

    /// @notice Mints in order, all or none. See {mint}.
    function mintBatch(MintRequest[] calldata requests) external returns (uint256[] memory workIds);

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
    /// @param works With the hop that the sender saw of each; at least one.
    /// @param operator Who asked for it: the holder of each, or approved by the holder.
    /// @param digest Digest of the statement that carries the works.
    function depart(bytes32 dstChainHash, WorkSend[] calldata works, address operator, bytes32 digest) external;

    /// @notice Gateway only: works arrive. Home releases them, a mirror mints them. Refuses an origin that does not
    /// belong to the id, a hop that is not greater than the stored one, and a source where the work cannot be.
    /// A receiver with code gets `onERC721Received` with {RECEIVER_GAS} gas; if it does not accept, or `work.to`
    /// is no address, `work.fallbackTo` has the work, without a callback.
    function arrive(bytes32 srcChainHash, WorkPayload[] calldata works, bytes32 digest) external;

    /// @notice Gateway only: the statement that carried these works to `dstChainHash` is void for ever, so each goes
    /// back to the holder that it left, without a callback. A work that no longer stands as that departure left it
    /// stays as it is. The hop stays: the next departure takes the next one.
    /// @param works At least one.
    /// @param digest Digest of the voided statement.
    function recredit(bytes32 dstChainHash, WorkPayload[] calldata works, bytes32 digest) external;

    /// @notice Gateway only, on mirrors: takes over a revision from home if it is greater than the stored one.
    /// Works also for a work that is not here. An older revision changes nothing.
    function applyRevision(uint256 workId, uint40 revision, bytes32 stateHash, bool frozen) external;

    /// @notice Owner only: `tokenURI` becomes `baseURI` followed by the decimal work id.
    function setBaseURI(string calldata baseURI) external;

    /// @notice Owner only: ERC-7572 metadata.
    function setContractURI(string calldata uri) external;

    /// @notice Owner only.
    function setMinter(address account) external;

    /// @notice Owner only.
    function setGuardian(address account) external;

    /// @notice What this contract knows of a work; all zero for one that it never saw.
    function legOf(uint256 workId) external view returns (Leg memory);

    /// @notice What a statement has to say of each of these works if it is made now. Reverts with
    /// {CommitmentMismatch} for a document that is not the work's, or a work that was never here.
    function payloadsOf(WorkSend[] calldata works) external view returns (WorkPayload[] memory);

    /// @notice What the home contract drew for a work at its mint. Reverts with {WorkUnknown} for one that was never
    /// here.
    function seedOf(uint256 workId) external view returns (bytes32);

    /// @notice The work that a document was minted as, on the home chain; zero if none.
    function workOf(bytes32 documentHash) external view returns (uint256 workId);

    /// @notice Works that exist, wherever they are: minted less burned. Known to home only, zero on mirrors.
    function supply() external view returns (uint64);

    /// @notice Works ever minted; also the last edition number. Zero on mirrors.
    function minted() external view returns (uint64);

    /// @notice Works that can ever be minted.
    function editionCap() external view returns (uint64);

    /// @notice ERC-7572.
    function contractURI() external view returns (string memory);

    /// @notice May mint and state revisions.
    function minter() external view returns (address);

    /// @notice May freeze and unfreeze.
    function guardian() external view returns (address);

    /// @notice The only caller of {depart}, {arrive} and {applyRevision}.
    function gateway() external view returns (address);

    /// @notice See {Deployment-registryId}.
    function registryId() external view returns (bytes32);

    /// @notice Chain hash of this chain.
    function localChainHash() external view returns (bytes32);

    /// @notice Chain hash of the chain that mints.
    function homeChainHash() external view returns (bytes32);

    /// @notice Gas that a receiver gets for `onERC721Received`.
    function RECEIVER_GAS() external view returns (uint256);
}
