// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {ICollection, Leg, LegState, MintRequest, WorkOrigin} from "./interfaces/ICollection.sol";
import {WorkPayload} from "./interfaces/IGateway.sol";
import {Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {WorkIds} from "./libraries/WorkIds.sol";

/// @title The works of one registry on one chain. See {ICollection}.
contract Collection is ICollection, ERC721, ERC2981, IERC4906, Ownable2Step {
    /// @dev The holder is ERC-721's. `escrowedFor` is set on the home chain while `ESCROWED`, else zero.
    struct LegRecord {
        LegState state;
        bool frozenHere;
        bool frozenByHome;
        uint64 hop;
        uint64 revision;
        bytes32 stateHash;
        bytes32 escrowedFor;
        bytes32 documentHash;
        bytes32 seed;
    }

    /// @inheritdoc ICollection
    uint256 public constant RECEIVER_GAS = 100_000;
    /// @dev What must be left beside the receiver's share to hold the work for the fallback and finish.
    uint256 private constant CALLBACK_RESERVE_GAS = 60_000;

    /// @inheritdoc ICollection
    bytes32 public immutable registryId;
    /// @inheritdoc ICollection
    bytes32 public immutable localChainHash;
    /// @inheritdoc ICollection
    bytes32 public immutable homeChainHash;
    /// @inheritdoc ICollection
    address public immutable gateway;
    /// @inheritdoc ICollection
    uint64 public immutable editionCap;

    /// @inheritdoc ICollection
    address public minter;
    /// @inheritdoc ICollection
    uint64 public minted;
    uint64 private _burned;
    /// @inheritdoc ICollection
    address public guardian;
    /// @inheritdoc ICollection
    string public contractURI;
    string private _baseTokenURI;
    mapping(uint256 workId => LegRecord) private _legs;
    /// @inheritdoc ICollection
    mapping(bytes32 documentHash => uint256 workId) public workOf;

    modifier onlyHome() {
        if (!_isHome()) revert NotHome(localChainHash);
        _;
    }

    modifier onlyMinter() {
        if (msg.sender != minter) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyGateway() {
        if (msg.sender != gateway) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyGuardianOrOwner() {
        if (msg.sender != guardian && msg.sender != owner()) revert Unauthorized(msg.sender);
        _;
    }

    constructor(Deployment memory deployment)
        ERC721(deployment.manifest.name, deployment.manifest.symbol)
        Ownable(deployment.manifest.owner)
    {
        registryId = deployment.registryId;
        localChainHash = Manifests.localEntry(deployment.manifest).chainHash;
        homeChainHash = deployment.manifest.homeChainHash;
        gateway = deployment.components[uint256(Component.GATEWAY)];
        editionCap = deployment.manifest.editionCap;
        minter = deployment.manifest.minter;
        guardian = deployment.manifest.guardian;
        contractURI = deployment.manifest.contractURI;
        _setDefaultRoyalty(deployment.manifest.royaltyReceiver, deployment.manifest.royaltyBps);
    }

    /// @inheritdoc ICollection
    function mint(address to, bytes32 documentHash) external onlyHome onlyMinter returns (uint256) {
        return _mintEdition(to, documentHash);
    }

    /// @inheritdoc ICollection
    function mintBatch(MintRequest[] calldata requests)
        external
        onlyHome
        onlyMinter
        returns (uint256[] memory workIds)
    {
        workIds = new uint256[](requests.length);
        for (uint256 i = 0; i < requests.length; ++i) {
            workIds[i] = _mintEdition(requests[i].to, requests[i].documentHash);
        }
    }

    /// @inheritdoc ICollection
    function burn(uint256 workId) external onlyHome {
        LegRecord storage leg = _legs[workId];
        if (leg.state != LegState.LIVE) revert WorkNotLive(workId, leg.state);
        leg.state = LegState.BURNED;
        ++_burned;
        address holder = _update(address(0), workId, msg.sender);
        emit WorkBurned(workId, holder);
    }

    /// @inheritdoc ICollection
    function stateRevision(
        uint256 workId,
        uint64 expectedRevision,
        bytes32 stateHash
    ) external onlyHome onlyMinter returns (uint64) {
        LegRecord storage leg = _legs[workId];
        if (leg.state == LegState.NONE) revert WorkUnknown(workId);
        if (leg.state == LegState.BURNED) revert WorkNotLive(workId, leg.state);
        if (leg.revision != expectedRevision) revert UnexpectedRevision(expectedRevision, leg.revision);
        leg.stateHash = stateHash;
        return _raiseRevision(workId, leg);
    }

    /// @inheritdoc ICollection
    function freeze(uint256 workId) external onlyGuardianOrOwner {
        if (_setFrozenHere(workId, true)) emit WorkFrozen(workId);
    }

    /// @inheritdoc ICollection
    function unfreeze(uint256 workId) external onlyGuardianOrOwner {
        if (_setFrozenHere(workId, false)) emit WorkUnfrozen(workId);
    }

    /// @inheritdoc ICollection
    function depart(
        uint256 workId,
        bytes32 dstChainHash,
        uint64 expectedHop,
        address operator,
        bytes32 digest
    ) external onlyGateway {
        LegRecord storage leg = _legs[workId];
        if (leg.hop != expectedHop) revert UnexpectedHop(expectedHop, leg.hop);
        if (leg.state != LegState.LIVE) revert WorkNotLive(workId, leg.state);
        if (_isFrozen(leg)) revert WorkIsFrozen(workId);
        address holder = _ownerOf(workId);
        _checkAuthorized(holder, operator, workId);

        leg.hop = expectedHop + 1;
        if (_isHome()) {
            if (dstChainHash == localChainHash) revert WrongLocation(workId, bytes32(0), dstChainHash);
            leg.state = LegState.ESCROWED;
            leg.escrowedFor = dstChainHash;
            _update(address(this), workId, address(0));
        } else {
            if (dstChainHash != homeChainHash) revert WrongLocation(workId, homeChainHash, dstChainHash);
            leg.state = LegState.BURNED;
            _update(address(0), workId, address(0));
        }
        emit WorkDeparted(workId, dstChainHash, leg.hop, holder, digest);
    }

    /// @inheritdoc ICollection
    function arrive(bytes32 srcChainHash, WorkPayload calldata work, bytes32 digest) external onlyGateway {
        uint256 workId = work.workId;
        _requireBound(work);
        LegRecord storage leg = _legs[workId];
        if (work.hop <= leg.hop) revert StaleHop(workId, leg.hop, work.hop);

        if (_isHome()) {
            if (leg.state != LegState.ESCROWED) revert WrongLocation(workId, localChainHash, srcChainHash);
            if (leg.escrowedFor != srcChainHash) revert WrongLocation(workId, leg.escrowedFor, srcChainHash);
            leg.escrowedFor = bytes32(0);
        } else {
            if (leg.state == LegState.LIVE) revert WrongLocation(workId, localChainHash, srcChainHash);
            if (srcChainHash != homeChainHash) revert WrongLocation(workId, homeChainHash, srcChainHash);
            leg.documentHash = work.documentHash;
            leg.seed = work.seed;
            _applyRevision(workId, work.revision, work.stateHash, work.frozen);
        }
        leg.state = LegState.LIVE;
        leg.hop = work.hop;
        _handOver(srcChainHash, work, digest);
    }

    /// @inheritdoc ICollection
    function applyRevision(uint256 workId, uint64 revision, bytes32 stateHash, bool frozen) external onlyGateway {
        if (_isHome()) revert HomeDecides(workId);
        _applyRevision(workId, revision, stateHash, frozen);
    }

    /// @inheritdoc ICollection
    function setBaseURI(string calldata baseURI) external onlyOwner {
        _baseTokenURI = baseURI;
        emit BatchMetadataUpdate(0, type(uint256).max);
    }

    /// @inheritdoc ICollection
    function setContractURI(string calldata uri) external onlyOwner {
        contractURI = uri;
        emit ContractURIUpdated();
    }

    /// @inheritdoc ICollection
    function setMinter(address account) external onlyOwner {
        emit MinterChanged(minter, account);
        minter = account;
    }

    /// @inheritdoc ICollection
    function setGuardian(address account) external onlyOwner {
        emit GuardianChanged(guardian, account);
        guardian = account;
    }

    /// @inheritdoc ICollection
    function legOf(uint256 workId) external view returns (Leg memory) {
        LegRecord storage leg = _legs[workId];
        return Leg({
            holder: leg.state == LegState.LIVE ? _ownerOf(workId) : address(0),
            state: leg.state,
            frozen: _isFrozen(leg),
            hop: leg.hop,
            revision: leg.revision,
            stateHash: leg.stateHash,
            location: _locationOf(leg)
        });
    }

    /// @inheritdoc ICollection
    function originOf(uint256 workId) external view returns (WorkOrigin memory) {
        LegRecord storage leg = _legs[workId];
        if (leg.state == LegState.NONE) revert WorkUnknown(workId);
        uint64 edition = uint64(workId);
        bytes32 commitment = WorkIds.commitmentOf(leg.documentHash, leg.seed, edition);
        return WorkOrigin(leg.documentHash, leg.seed, edition, commitment);
    }

    /// @inheritdoc ICollection
    function supply() external view returns (uint64) {
        return minted - _burned;
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, ERC2981, IERC165) returns (bool) {
        // ERC-4906 has events only; the standard fixes its interface id.
        return interfaceId == bytes4(0x49064906) || ERC721.supportsInterface(interfaceId)
            || ERC2981.supportsInterface(interfaceId);
    }

    function _mintEdition(address to, bytes32 documentHash) private returns (uint256 workId) {
        uint256 earlier = workOf[documentHash];
        if (earlier != 0) revert DocumentAlreadyMinted(documentHash, earlier);
        if (minted >= editionCap) revert EditionCapExceeded(editionCap);

        uint64 edition = ++minted;
        bytes32 seed = keccak256(abi.encode(block.prevrandao, blockhash(block.number - 1), documentHash, edition));
        bytes32 commitment = WorkIds.commitmentOf(documentHash, seed, edition);
        workId = WorkIds.workIdOf(commitment, edition);

        workOf[documentHash] = workId;
        LegRecord storage leg = _legs[workId];
        leg.state = LegState.LIVE;
        leg.documentHash = documentHash;
        leg.seed = seed;
        _requireUsable(to);
        _mint(to, workId);
        emit WorkMinted(workId, to, documentHash, seed, edition, commitment);
    }

    /// @dev Gives an arrived work to its receiver, or holds it for the fallback. All state but the holder is set.
    function _handOver(bytes32 srcChainHash, WorkPayload calldata work, bytes32 digest) private {
        address to = _toAddress(work.to);
        if (_isUsable(to)) {
            address from = _update(to, work.workId, address(0));
            emit WorkArrived(work.workId, srcChainHash, work.hop, to, digest);
            if (to.code.length == 0 || _accepts(from, to, work.workId)) return;
            // What the receiver did with the work before it failed to accept stands: it may be another's now.
            if (_ownerOf(work.workId) != to) return;
            _hold(work);
        } else {
            address fallbackTo = _hold(work);
            emit WorkArrived(work.workId, srcChainHash, work.hop, fallbackTo, digest);
        }
    }

    function _hold(WorkPayload calldata work) private returns (address fallbackTo) {
        fallbackTo = _toAddress(work.fallbackTo);
        _requireUsable(fallbackTo);
        _update(fallbackTo, work.workId, address(0));
        emit WorkHeld(work.workId, fallbackTo);
    }

    /// @dev Asks a receiver with capped gas, and reads no more than one word of its answer.
    function _accepts(address from, address to, uint256 workId) private returns (bool accepted) {
        // EIP-150 keeps back 1/64: with less, the receiver would fail for want of gas that the caller chose.
        uint256 requiredGas = (RECEIVER_GAS * 64) / 63 + CALLBACK_RESERVE_GAS;
        if (gasleft() < requiredGas) revert CallbackGasTooLow(requiredGas, gasleft());

        bytes memory question = abi.encodeCall(IERC721Receiver.onERC721Received, (msg.sender, from, workId, ""));
        bytes32 answer;
        assembly ("memory-safe") {
            let called := call(RECEIVER_GAS, to, 0, add(question, 0x20), mload(question), 0x00, 0x20)
            if and(called, gt(returndatasize(), 0x1f)) { answer := mload(0x00) }
        }
        return answer == bytes32(IERC721Receiver.onERC721Received.selector);
    }

    /// @dev Bridges deliver late, twice and out of order, so an old revision is ignored rather than reverted.
    function _applyRevision(uint256 workId, uint64 revision, bytes32 stateHash, bool frozen) private {
        LegRecord storage leg = _legs[workId];
        if (revision <= leg.revision) return;
        leg.revision = revision;
        leg.stateHash = stateHash;
        emit RevisionApplied(workId, revision, stateHash);
        emit MetadataUpdate(workId);
        if (leg.frozenByHome == frozen) return;
        leg.frozenByHome = frozen;
        if (frozen) emit WorkFrozen(workId);
        else emit WorkUnfrozen(workId);
    }

    function _raiseRevision(uint256 workId, LegRecord storage leg) private returns (uint64 revision) {
        revision = ++leg.revision;
        emit RevisionStated(workId, revision, leg.stateHash);
        emit MetadataUpdate(workId);
    }

    /// @return changed False if it was so already.
    function _setFrozenHere(uint256 workId, bool frozen) private returns (bool changed) {
        LegRecord storage leg = _legs[workId];
        if (_isHome() && leg.state == LegState.NONE) revert WorkUnknown(workId);
        if (leg.frozenHere == frozen) return false;
        leg.frozenHere = frozen;
        if (_isHome()) _raiseRevision(workId, leg);
        return true;
    }

    /// @dev Only a holder's own transfer or burn names `auth`; mints and travel do not.
    function _update(address to, uint256 workId, address auth) internal override returns (address) {
        if (auth != address(0)) {
            if (_isFrozen(_legs[workId])) revert WorkIsFrozen(workId);
            // Escrow is a state, not a holder: a work sent here by hand could never leave again.
            if (to == address(this)) revert ERC721InvalidReceiver(to);
        }
        return super._update(to, workId, auth);
    }

    function _baseURI() internal view override returns (string memory) {
        return _baseTokenURI;
    }

    function _locationOf(LegRecord storage leg) private view returns (bytes32) {
        if (leg.state == LegState.LIVE) return localChainHash;
        if (leg.state == LegState.BURNED && !_isHome()) return homeChainHash;
        return leg.escrowedFor;
    }

    function _isHome() private view returns (bool) {
        return localChainHash == homeChainHash;
    }

    function _isFrozen(LegRecord storage leg) private view returns (bool) {
        return leg.frozenHere || leg.frozenByHome;
    }

    function _requireUsable(address receiver) private view {
        if (!_isUsable(receiver)) revert ERC721InvalidReceiver(receiver);
    }

    function _isUsable(address receiver) private view returns (bool) {
        return receiver != address(0) && receiver != address(this);
    }

    function _requireBound(WorkPayload calldata work) private pure {
        bytes32 commitment = WorkIds.commitmentOf(work.documentHash, work.seed, work.edition);
        if (commitment != work.commitment || WorkIds.workIdOf(commitment, work.edition) != work.workId) {
            revert CommitmentMismatch(work.workId, work.commitment);
        }
    }

    /// @return The address in the lower 20 bytes; zero if the upper 12 are not empty.
    function _toAddress(bytes32 account) private pure returns (address) {
        return uint256(account) >> 160 == 0 ? address(uint160(uint256(account))) : address(0);
    }
}
