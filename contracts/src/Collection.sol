// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {RegistryRoles} from "./collection/RegistryRoles.sol";
import {RegistryTerms} from "./collection/RegistryTerms.sol";
import {ChainPlaces} from "./collection/ChainPlaces.sol";
import {Mints} from "./collection/Mints.sol";
import {ICollection, Leg, LegState} from "./interfaces/ICollection.sol";
import {IERC4907} from "./interfaces/IERC4907.sol";
import {WorkPayload, WorkSend} from "./interfaces/PayloadTypes.sol";
import {Deployment} from "./interfaces/IRegistryFactory.sol";
import {Accounts} from "./libraries/Accounts.sol";
import {Departures} from "./libraries/Departures.sol";
import {LegHead, LegHeads} from "./libraries/LegHeads.sol";
import {WorkIds} from "./libraries/WorkIds.sol";

/// @title The works of one registry on one chain. See {ICollection}.
contract Collection is Mints, ChainPlaces {
    using Accounts for address;
    using Accounts for bytes32;
    using LegHeads for LegHead;

    /// @inheritdoc ICollection
    uint256 public constant RECEIVER_GAS = 100_000;
    /// @dev What must be left beside the receiver's share to hold the work for the fallback and finish.
    uint256 private constant CALLBACK_RESERVE_GAS = 60_000;

    constructor(Deployment memory deployment)
        ERC721(deployment.manifest.name, deployment.manifest.symbol)
        RegistryRoles(deployment)
        RegistryTerms(deployment)
        Mints(deployment)
    {
        if (_isHome()) _numberChains(deployment.manifest.chains, localChainHash);
    }

    /// @inheritdoc ICollection
    function burn(uint256 workId) external onlyHome {
        LegHead memory head = _headOf(workId);
        if (head.state() != LegState.LIVE) revert WorkNotLive(workId, head.state());
        if (head.isFrozen()) revert WorkIsFrozen(workId);
        address holder = head.holder;
        _checkAuthorized(holder, msg.sender, workId);
        head.setState(LegState.BURNED);
        ++_burned;
        _rewrite(workId, head, address(0));
        emit WorkBurned(workId, holder);
    }

    /// @inheritdoc ICollection
    function depart(
        bytes32 dstChainHash,
        uint64 nonce,
        WorkSend[] calldata works,
        address operator
    ) external onlyGateway returns (WorkPayload[] memory payloads) {
        uint8 place = 0;
        if (_isHome()) {
            place = _placeOf(dstChainHash);
            // A number is never zero, so neither an unknown chain nor home itself is a destination.
            if (place == 0) revert WrongLocation(works[0].workId, bytes32(0), dstChainHash);
        } else if (dstChainHash != homeChainHash) {
            revert WrongLocation(works[0].workId, homeChainHash, dstChainHash);
        }
        payloads = new WorkPayload[](works.length);
        for (uint256 i = 0; i < works.length; ++i) {
            payloads[i] = _depart(dstChainHash, nonce, place, works[i], operator);
        }
    }

    /// @inheritdoc ICollection
    function arrive(bytes32 srcChainHash, bytes32 digest, bytes calldata payload) external onlyGateway {
        WorkPayload[] memory works = abi.decode(payload, (WorkPayload[]));
        for (uint256 i = 0; i < works.length; ++i) {
            _arrive(srcChainHash, works[i], digest);
        }
    }

    /// @inheritdoc ICollection
    function recredit(
        bytes32 dstChainHash,
        bytes32 digest,
        uint64 nonce,
        WorkPayload[] calldata works
    ) external onlyGateway {
        uint8 place = _placeOf(dstChainHash);
        if (!_isHome() && dstChainHash != homeChainHash) {
            revert WrongLocation(works[0].workId, homeChainHash, dstChainHash);
        }
        for (uint256 i = 0; i < works.length; ++i) {
            _recredit(place, nonce, works[i], digest);
        }
    }

    /// @inheritdoc ICollection
    function reclaim(bytes32 chainHash, uint256 workId, address holder) external onlyGateway {
        LegHead memory head = _headOf(workId);
        if (head.place == 0 || head.place != _placeOf(chainHash)) {
            revert WrongLocation(workId, _locationOf(head), chainHash);
        }
        _requireUsable(holder);
        head.holder = _holderIn(head);
        head.place = 0;
        head.setState(LegState.LIVE);
        _rewrite(workId, head, holder);
        emit WorkReclaimed(workId, chainHash, head.hop, holder);
    }

    /// @inheritdoc ICollection
    function legOf(uint256 workId) external view returns (Leg memory) {
        LegHead memory head = _headOf(workId);
        return Leg({
            holder: head.state() == LegState.LIVE ? head.holder : address(0),
            state: head.state(),
            frozen: head.isFrozen(),
            hop: head.hop,
            revision: head.revision,
            stateHash: _stateHashes[workId],
            location: _locationOf(head)
        });
    }

    /// @inheritdoc ICollection
    function payloadsOf(WorkSend[] calldata works) external view returns (WorkPayload[] memory payloads) {
        payloads = new WorkPayload[](works.length);
        for (uint256 i = 0; i < works.length; ++i) {
            payloads[i] = _payloadOf(_headOf(works[i].workId), works[i]);
        }
    }

    /// @inheritdoc ICollection
    function seedOf(uint256 workId) external view returns (bytes32 seed) {
        seed = _seeds[workId];
        if (seed == 0) revert SeedUnknown(workId);
    }

    /// @inheritdoc ICollection
    function recordSeed(uint256 workId, bytes32 documentHash, bytes32 seed) external {
        WorkIds.requireBound(workId, documentHash, seed);
        _seeds[workId] = seed;
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        // ERC-4906 has events only; the standard fixes its interface id.
        return interfaceId == bytes4(0x49064906) || interfaceId == type(IERC4907).interfaceId
            || interfaceId == type(IERC2981).interfaceId || ERC721.supportsInterface(interfaceId);
    }

    function _depart(
        bytes32 dstChainHash,
        uint64 nonce,
        uint8 place,
        WorkSend calldata work,
        address operator
    ) private returns (WorkPayload memory payload) {
        LegHead memory head = _headOf(work.workId);
        if (head.hop != work.hop) revert UnexpectedHop(work.hop, head.hop);
        if (head.state() != LegState.LIVE) revert WorkNotLive(work.workId, head.state());
        if (head.isFrozen()) revert WorkIsFrozen(work.workId);
        address holder = head.holder;
        _checkAuthorized(holder, operator, work.workId);

        payload = _payloadOf(head, work);
        ++head.hop;
        head.place = place;
        // Only home has places.
        head.setState(place == 0 ? LegState.BURNED : LegState.ESCROWED);
        _rewrite(work.workId, head, place == 0 ? address(0) : address(this));
        // In memory it is the new holder now.
        head.holder = _departureOf(nonce, payload);
        _store(work.workId, head);
        emit WorkDeparted(work.workId, dstChainHash, head.hop, holder, work.to, nonce);
    }

    function _arrive(bytes32 srcChainHash, WorkPayload memory work, bytes32 digest) private {
        uint256 workId = work.workId;
        WorkIds.requireBound(workId, work.documentHash, work.seed);
        LegHead memory head = _headOf(workId);
        if (work.hop <= head.hop) revert StaleHop(workId, head.hop, work.hop);
        head.holder = _holderIn(head);

        if (_isHome()) {
            // A work that is not escrowed has no place, and no chain's number is zero.
            if (head.place == 0 || head.place != _placeOf(srcChainHash)) {
                revert WrongLocation(workId, _locationOf(head), srcChainHash);
            }
            head.place = 0;
        } else {
            if (head.state() == LegState.LIVE) revert WrongLocation(workId, localChainHash, srcChainHash);
            if (srcChainHash != homeChainHash) revert WrongLocation(workId, homeChainHash, srcChainHash);
            _takeRevision(workId, head, work.revision, work.stateHash, work.frozen);
        }
        head.setState(LegState.LIVE);
        head.hop = work.hop;
        _giveUser(head, workId, work.user.toAddress(), work.userExpires);
        _handOver(head, srcChainHash, work, digest);
    }

    /// @dev A work that does not stand as this departure left it came back since, or was given back before.
    function _recredit(uint8 place, uint64 nonce, WorkPayload calldata work, bytes32 digest) private {
        LegHead memory head = _headOf(work.workId);
        LegState departed = _isHome() ? LegState.ESCROWED : LegState.BURNED;
        if (head.hop != work.hop || head.state() != departed || head.place != place) return;
        if (head.holder != _departureOf(nonce, work)) return;
        head.holder = _holderIn(head);
        address holder = work.holder.toAddress();
        head.place = 0;
        head.setState(LegState.LIVE);
        _giveUser(head, work.workId, work.user.toAddress(), work.userExpires);
        _rewrite(work.workId, head, holder);
        emit WorkRecredited(work.workId, work.hop, holder, digest);
    }

    /// @dev Gives an arrived work to its receiver, or holds it for the fallback. All of `head` but the holder is set.
    function _handOver(LegHead memory head, bytes32 srcChainHash, WorkPayload memory work, bytes32 digest) private {
        address to = work.to.toAddress();
        if (_isUsable(to)) {
            address from = head.holder;
            _rewrite(work.workId, head, to);
            emit WorkArrived(work.workId, srcChainHash, work.hop, to, digest);
            if (to.code.length == 0 || _accepts(from, to, work.workId)) return;
            // What the receiver did with the work before it failed to accept stands: it may be another's now.
            head = _headOf(work.workId);
            if (head.holder != to) return;
            _hold(head, work);
        } else {
            address fallbackTo = _hold(head, work);
            emit WorkArrived(work.workId, srcChainHash, work.hop, fallbackTo, digest);
        }
    }

    function _hold(LegHead memory head, WorkPayload memory work) private returns (address fallbackTo) {
        fallbackTo = work.fallbackTo.toAddress();
        _requireUsable(fallbackTo);
        _rewrite(work.workId, head, fallbackTo);
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

    function _payloadOf(LegHead memory head, WorkSend calldata work) private view returns (WorkPayload memory) {
        uint256 workId = work.workId;
        WorkIds.requireBound(workId, work.documentHash, work.seed);
        (address user, uint64 expires) = _userOf(head, workId);
        return WorkPayload({
            workId: workId,
            documentHash: work.documentHash,
            seed: work.seed,
            hop: head.hop + 1,
            revision: head.revision,
            // Only a revision writes the hash.
            stateHash: head.revision == 0 ? bytes32(0) : _stateHashes[workId],
            frozen: head.isFrozen(),
            to: work.to,
            fallbackTo: work.fallbackTo,
            holder: head.holder.toBytes32(),
            user: user.toBytes32(),
            userExpires: expires
        });
    }

    function _baseURI() internal view override returns (string memory) {
        return _baseTokenURI;
    }

    function _locationOf(LegHead memory head) private view returns (bytes32) {
        if (head.place != 0) return _chainAt(head.place);
        if (head.state() == LegState.LIVE) return localChainHash;
        return head.state() == LegState.BURNED && !_isHome() ? homeChainHash : bytes32(0);
    }

    function _departureOf(uint64 nonce, WorkPayload memory work) private pure returns (address) {
        return address(uint160(uint256(Departures.markOf(nonce, work))));
    }
}
