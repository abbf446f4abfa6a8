// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {GatewayUser} from "./GatewayUser.sol";
import {ChainPlaces} from "./collection/ChainPlaces.sol";
import {AdoptedPosture, IAdoptedCollection} from "./interfaces/IAdoptedCollection.sol";
import {ICollection, Leg, LegState} from "./interfaces/ICollection.sol";
import {Deployment} from "./interfaces/IRegistryFactory.sol";
import {RegistryState, WorkPayload, WorkSend} from "./interfaces/PayloadTypes.sol";
import {Accounts} from "./libraries/Accounts.sol";
import {CarefulCalls} from "./libraries/CarefulCalls.sol";
import {Departures} from "./libraries/Departures.sol";
import {LegHead, LegHeads} from "./libraries/LegHeads.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {WorkIds} from "./libraries/WorkIds.sol";

/// @title The works of one registry whose tokens are another contract's. See {IAdoptedCollection}.
contract AdoptedCollection is IAdoptedCollection, ChainPlaces, GatewayUser, Ownable2Step, ReentrancyGuardTransient {
    using Accounts for address;
    using Accounts for bytes32;
    using LegHeads for LegHead;

    /// @inheritdoc IAdoptedCollection
    uint256 public constant RELEASE_GAS = 200_000;
    /// @dev What must be left beside the adopted contract's share to look where the token went, and to hold it.
    uint256 private constant RELEASE_RESERVE_GAS = 120_000;

    /// @inheritdoc IAdoptedCollection
    bytes32 public immutable registryId;
    /// @inheritdoc IAdoptedCollection
    bytes32 public immutable localChainHash;
    /// @inheritdoc IAdoptedCollection
    bytes32 public immutable homeChainHash;
    /// @inheritdoc IAdoptedCollection
    address public immutable token;
    bytes32 private immutable ADOPTED_CODE_HASH;

    RegistryState private _terms;
    /// @dev Here the holder is whom a token waits for; zero if it waits for nobody.
    mapping(uint256 workId => LegHead) private _heads;
    mapping(uint256 workId => uint256 tokenId) private _tokenIds;
    /// @dev Mark of the work's last departure; what a voided statement says is believed only if it is that one.
    mapping(uint256 workId => bytes32 mark) private _departures;

    modifier onlyGateway() {
        if (msg.sender != gateway) revert ICollection.Unauthorized(msg.sender);
        _;
    }

    constructor(Deployment memory deployment) Ownable(deployment.manifest.owner) GatewayUser(deployment) {
        registryId = deployment.registryId;
        localChainHash = Manifests.localEntry(deployment.manifest).chainHash;
        homeChainHash = deployment.manifest.homeChainHash;
        if (localChainHash != homeChainHash) revert ICollection.NotHome(localChainHash);
        token = deployment.manifest.adopted;
        ADOPTED_CODE_HASH = token.codehash;
        _terms.royaltyBps = uint16(deployment.manifest.royaltyBps);
        _terms.royaltyPolicyHash = deployment.manifest.royaltyPolicyHash;
        _terms.licenceHash = deployment.manifest.licenceHash;
        _numberChains(deployment.manifest.chains, localChainHash);
    }

    /// @inheritdoc IAdoptedCollection
    function adopt(uint256 tokenId) external nonReentrant returns (uint256 workId) {
        return _adopt(tokenId);
    }

    /// @inheritdoc IAdoptedCollection
    function adoptBatch(uint256[] calldata tokenIds) external nonReentrant {
        for (uint256 i = 0; i < tokenIds.length; ++i) {
            _adopt(tokenIds[i]);
        }
    }

    /// @inheritdoc IAdoptedCollection
    function depart(
        bytes32 dstChainHash,
        uint64 nonce,
        WorkSend[] calldata works,
        address operator
    ) external onlyGateway nonReentrant returns (WorkPayload[] memory payloads) {
        uint8 place = _placeOf(dstChainHash);
        if (place == 0) revert ICollection.WrongLocation(works[0].workId, bytes32(0), dstChainHash);
        payloads = new WorkPayload[](works.length);
        for (uint256 i = 0; i < works.length; ++i) {
            uint256 workId = works[i].workId;
            payloads[i] = _depart(place, works[i]);
            _departures[workId] = Departures.markOf(nonce, payloads[i]);
            address holder = _takeEscrow(workId, operator);
            emit ICollection.WorkDeparted(workId, dstChainHash, payloads[i].hop, holder, payloads[i].to, nonce);
        }
    }

    /// @inheritdoc IAdoptedCollection
    function arrive(bytes32 srcChainHash, bytes32 digest, bytes calldata payload) external onlyGateway nonReentrant {
        WorkPayload[] memory works = abi.decode(payload, (WorkPayload[]));
        uint8 place = _placeOf(srcChainHash);
        for (uint256 i = 0; i < works.length; ++i) {
            WorkPayload memory work = works[i];
            WorkIds.requireBound(work.workId, work.documentHash, work.seed);
            LegHead memory head = _heads[work.workId];
            if (work.hop <= head.hop) revert ICollection.StaleHop(work.workId, head.hop, work.hop);
            if (head.place == 0 || head.place != place) {
                revert ICollection.WrongLocation(work.workId, _locationOf(head), srcChainHash);
            }
            head.hop = work.hop;
            address to = _isUsable(work.to.toAddress()) ? work.to.toAddress() : work.fallbackTo.toAddress();
            _release(work.workId, head, to);
            emit ICollection.WorkArrived(work.workId, srcChainHash, work.hop, to, digest);
        }
    }

    /// @inheritdoc IAdoptedCollection
    function recredit(
        bytes32 dstChainHash,
        bytes32 digest,
        uint64 nonce,
        WorkPayload[] calldata works
    ) external onlyGateway nonReentrant {
        uint8 place = _placeOf(dstChainHash);
        for (uint256 i = 0; i < works.length; ++i) {
            WorkPayload calldata work = works[i];
            LegHead memory head = _heads[work.workId];
            if (head.hop != work.hop || head.place == 0 || head.place != place) continue;
            if (_departures[work.workId] != Departures.markOf(nonce, work)) continue;
            address holder = work.holder.toAddress();
            _release(work.workId, head, holder);
            emit ICollection.WorkRecredited(work.workId, work.hop, holder, digest);
        }
    }

    /// @inheritdoc IAdoptedCollection
    function reclaim(bytes32 chainHash, uint256 workId, address holder) external onlyGateway nonReentrant {
        LegHead memory head = _heads[workId];
        if (head.place == 0 || head.place != _placeOf(chainHash)) {
            revert ICollection.WrongLocation(workId, _locationOf(head), chainHash);
        }
        _release(workId, head, holder);
        emit ICollection.WorkReclaimed(workId, chainHash, head.hop, holder);
    }

    /// @inheritdoc IAdoptedCollection
    function claim(uint256 workId) external nonReentrant {
        address claimant = _heads[workId].holder;
        if (claimant == address(0)) revert NothingHeld(workId);
        _claim(workId, claimant);
    }

    /// @inheritdoc IAdoptedCollection
    function claimTo(uint256 workId, address recipient) external nonReentrant {
        address claimant = _heads[workId].holder;
        if (claimant == address(0)) revert NothingHeld(workId);
        if (msg.sender != claimant) revert ICollection.Unauthorized(msg.sender);
        _claim(workId, recipient);
    }

    /// @inheritdoc IAdoptedCollection
    function checkEscrow(uint256 workId) external nonReentrant returns (bool lost) {
        LegHead memory head = _heads[workId];
        bool isHere = head.place != 0 || head.holder != address(0);
        lost = isHere && CarefulCalls.ownerOf(token, _tokenIds[workId]) != address(this);
        _setLost(workId, head, lost);
        _heads[workId] = head;
    }

    /// @inheritdoc IAdoptedCollection
    function legOf(uint256 workId) external view returns (Leg memory) {
        LegHead memory head = _heads[workId];
        return Leg({
            holder: head.state() == LegState.LIVE ? _holderOf(workId, head) : address(0),
            state: head.state(),
            frozen: head.isFrozen(),
            hop: head.hop,
            revision: head.revision,
            stateHash: bytes32(0),
            location: _locationOf(head)
        });
    }

    /// @inheritdoc IAdoptedCollection
    function payloadsOf(WorkSend[] calldata works) external view returns (WorkPayload[] memory payloads) {
        payloads = new WorkPayload[](works.length);
        for (uint256 i = 0; i < works.length; ++i) {
            payloads[i] = _payloadOf(_heads[works[i].workId], works[i]);
        }
    }

    /// @inheritdoc IAdoptedCollection
    function registryState() external view returns (RegistryState memory) {
        return _terms;
    }

    /// @inheritdoc IAdoptedCollection
    function posture() external view returns (AdoptedPosture memory) {
        return AdoptedPosture(token, token.codehash, ADOPTED_CODE_HASH, CarefulCalls.ownerOf(token));
    }

    /// @inheritdoc IAdoptedCollection
    function tokenOf(uint256 workId) public view returns (uint256) {
        if (_heads[workId].state() == LegState.NONE) revert ICollection.WorkUnknown(workId);
        return _tokenIds[workId];
    }

    /// @inheritdoc IAdoptedCollection
    function workOfToken(uint256 tokenId) public view returns (uint256 workId, bytes32 documentHash) {
        documentHash = keccak256(abi.encode(homeChainHash, token, tokenId));
        workId = WorkIds.workIdOf(WorkIds.commitmentOf(documentHash, bytes32(tokenId), 0), 0);
    }

    function _adopt(uint256 tokenId) private returns (uint256 workId) {
        bytes32 documentHash;
        (workId, documentHash) = workOfToken(tokenId);
        LegHead memory head = _heads[workId];
        if (head.state() != LegState.NONE) return workId;
        // Reverts for a token that is not there.
        address holder = IERC721(token).ownerOf(tokenId);
        head.setState(LegState.LIVE);
        _heads[workId] = head;
        _tokenIds[workId] = tokenId;
        emit WorkAdopted(workId, tokenId, documentHash, holder);
    }

    /// @dev Stores the departure before the adopted contract is called.
    function _depart(uint8 place, WorkSend calldata work) private returns (WorkPayload memory payload) {
        LegHead memory head = _heads[work.workId];
        if (head.hop != work.hop) revert ICollection.UnexpectedHop(work.hop, head.hop);
        if (head.state() != LegState.LIVE) revert ICollection.WorkNotLive(work.workId, head.state());
        if (head.isFrozen()) revert ICollection.WorkIsFrozen(work.workId);
        if (head.holder != address(0)) revert ReleasePending(work.workId, head.holder);
        payload = _payloadOf(head, work);
        ++head.hop;
        head.place = place;
        head.setState(LegState.ESCROWED);
        _heads[work.workId] = head;
    }

    function _payloadOf(LegHead memory head, WorkSend calldata work) private view returns (WorkPayload memory payload) {
        uint256 workId = work.workId;
        WorkIds.requireBound(workId, work.documentHash, work.seed);
        payload.workId = workId;
        payload.documentHash = work.documentHash;
        payload.seed = work.seed;
        payload.hop = head.hop + 1;
        payload.revision = head.revision;
        payload.frozen = head.isFrozen();
        payload.to = work.to;
        payload.fallbackTo = work.fallbackTo;
        payload.holder = _holderOf(workId, head).toBytes32();
    }

    /// @return holder Who had the token.
    function _takeEscrow(uint256 workId, address operator) private returns (address holder) {
        uint256 tokenId = _tokenIds[workId];
        holder = IERC721(token).ownerOf(tokenId);
        if (operator != holder && !IERC721(token).isApprovedForAll(holder, operator)) {
            revert IERC721Errors.ERC721InsufficientApproval(operator, tokenId);
        }
        IERC721(token).transferFrom(holder, address(this), tokenId);
        address owner = IERC721(token).ownerOf(tokenId);
        if (owner != address(this)) revert EscrowNotTaken(workId, owner);
    }

    /// @dev The work is live again for `to`; if the adopted contract does not hand the token over, it waits.
    function _release(uint256 workId, LegHead memory head, address to) private {
        if (!_isUsable(to)) revert IERC721Errors.ERC721InvalidReceiver(to);
        head.place = 0;
        head.setState(LegState.LIVE);
        head.holder = to;
        _heads[workId] = head;
        if (_handOver(workId, to)) return;
        emit ReleaseHeld(workId, to);
    }

    function _claim(uint256 workId, address recipient) private {
        if (!_isUsable(recipient)) revert IERC721Errors.ERC721InvalidReceiver(recipient);
        if (!_handOver(workId, recipient)) revert ReleaseFailed(workId);
        emit ReleaseClaimed(workId, recipient);
    }

    /// @dev Trusts only what the adopted contract says of the token afterwards. A token that left lost its escrow
    /// rightly.
    function _handOver(uint256 workId, address to) private returns (bool released) {
        // EIP-150 keeps back 1/64: with less, the call would fail for want of gas that the caller chose.
        uint256 requiredGas = (RELEASE_GAS * 64) / 63 + RELEASE_RESERVE_GAS;
        if (gasleft() < requiredGas) revert ICollection.CallbackGasTooLow(requiredGas, gasleft());
        uint256 tokenId = _tokenIds[workId];
        CarefulCalls.transfer(token, to, tokenId, RELEASE_GAS);
        if (CarefulCalls.ownerOf(token, tokenId) != to) return false;
        LegHead memory head = _heads[workId];
        head.holder = address(0);
        _setLost(workId, head, false);
        _heads[workId] = head;
        return true;
    }

    /// @dev Changes `head` only in memory.
    function _setLost(uint256 workId, LegHead memory head, bool lost) private {
        if (head.has(LegHeads.FROZEN_HERE) == lost) return;
        head.set(LegHeads.FROZEN_HERE, lost);
        ++head.revision;
        emit ICollection.RevisionStated(workId, head.revision, bytes32(0));
        if (lost) emit ICollection.WorkFrozen(workId);
        else emit ICollection.WorkUnfrozen(workId);
    }

    function _holderOf(uint256 workId, LegHead memory head) private view returns (address) {
        return head.holder == address(0) ? CarefulCalls.ownerOf(token, _tokenIds[workId]) : head.holder;
    }

    function _locationOf(LegHead memory head) private view returns (bytes32) {
        if (head.place != 0) return _chainAt(head.place);
        return head.state() == LegState.LIVE ? localChainHash : bytes32(0);
    }

    function _isUsable(address receiver) private view returns (bool) {
        return receiver != address(0) && receiver != address(this);
    }
}
