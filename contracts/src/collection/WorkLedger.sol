// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ICollection, LegState} from "../interfaces/ICollection.sol";
import {IERC4907} from "../interfaces/IERC4907.sol";
import {LegHead, LegHeads} from "../libraries/LegHeads.sol";

/// @title Who has which work: OpenZeppelin's ERC-721 on a ledger of one slot per work, and ERC-4907.
/// @dev The slot also says how the work stands (see {LegHead}), so that a move reads and writes it once.
abstract contract WorkLedger is ERC721, IERC4907 {
    using LegHeads for LegHead;

    struct UserRecord {
        address user;
        uint64 expires;
    }

    mapping(uint256 workId => LegHead) private _heads;
    /// @dev What the home contract drew at the mint; it arrives with the work on mirrors.
    mapping(uint256 workId => bytes32) internal _seeds;
    mapping(address holder => uint256 count) private _counts;
    mapping(uint256 workId => UserRecord) private _users;

    /// @inheritdoc IERC4907
    function setUser(uint256 workId, address user, uint64 expires) external {
        LegHead memory head = _headOf(workId);
        if (head.state() != LegState.LIVE) revert ICollection.WorkNotLive(workId, head.state());
        _checkAuthorized(head.holder, msg.sender, workId);
        _giveUser(head, workId, user, expires);
        _store(workId, head);
        emit UpdateUser(workId, user, expires);
    }

    /// @inheritdoc IERC4907
    function userOf(uint256 workId) external view returns (address) {
        (address user, uint64 expires) = _userOf(_headOf(workId), workId);
        return expires < block.timestamp ? address(0) : user;
    }

    /// @inheritdoc IERC4907
    function userExpires(uint256 workId) external view returns (uint256 expires) {
        (, expires) = _userOf(_headOf(workId), workId);
    }

    /// @inheritdoc ERC721
    function balanceOf(address holder) public view override returns (uint256) {
        if (holder == address(0)) revert ERC721InvalidOwner(address(0));
        return _counts[holder];
    }

    /// @dev A transfer by its holder or an operator: all else goes through {_rewrite}.
    function _update(address to, uint256 workId, address auth) internal override returns (address from) {
        LegHead memory head = _headOf(workId);
        from = _holderIn(head);
        _checkAuthorized(from, auth, workId);
        if (head.isFrozen()) revert ICollection.WorkIsFrozen(workId);
        // Escrow is a state, not a holder: a work sent here by hand could never leave again.
        if (to == address(this)) revert ERC721InvalidReceiver(to);
        _rewrite(workId, head, to);
    }

    /// @dev Stores `head` with `to` as its holder; clears the approval that the former holder gave.
    function _rewrite(uint256 workId, LegHead memory head, address to) internal {
        address from = head.holder;
        if (head.has(LegHeads.APPROVED)) {
            super._approve(address(0), workId, address(0), false);
            head.set(LegHeads.APPROVED, false);
        }
        head.holder = to;
        _store(workId, head);
        unchecked {
            if (from != address(0)) --_counts[from];
            if (to != address(0)) ++_counts[to];
        }
        emit Transfer(from, to, workId);
    }

    function _approve(address to, uint256 workId, address auth, bool emitEvent) internal override {
        super._approve(to, workId, auth, emitEvent);
        _heads[workId].marks |= LegHeads.APPROVED;
    }

    function _store(uint256 workId, LegHead memory head) internal {
        _heads[workId] = head;
    }

    /// @dev Changes `head` only in memory.
    function _giveUser(LegHead memory head, uint256 workId, address user, uint64 expires) internal {
        head.set(LegHeads.HAS_USER, user != address(0));
        if (user != address(0)) _users[workId] = UserRecord(user, expires);
    }

    /// @return Zeros if the work has none, or is not here.
    function _userOf(LegHead memory head, uint256 workId) internal view returns (address, uint64) {
        if (head.state() != LegState.LIVE || !head.has(LegHeads.HAS_USER)) return (address(0), 0);
        UserRecord storage record = _users[workId];
        return (record.user, record.expires);
    }

    /// @dev One function for all, as each copy from storage costs 100 bytes of code.
    function _headOf(uint256 workId) internal view returns (LegHead memory) {
        return _heads[workId];
    }

    function _requireUsable(address receiver) internal view {
        if (!_isUsable(receiver)) revert ERC721InvalidReceiver(receiver);
    }

    function _isUsable(address receiver) internal view returns (bool) {
        return receiver != address(0) && receiver != address(this);
    }

    function _ownerOf(uint256 workId) internal view override returns (address) {
        return _holderIn(_headOf(workId));
    }

    /// @dev The ERC-721 owner: the collection itself while home escrows the work. What the slot says of a work that
    /// departed is not its holder, see {LegHead}.
    function _holderIn(LegHead memory head) internal view returns (address) {
        LegState state = head.state();
        if (state == LegState.LIVE) return head.holder;
        return state == LegState.ESCROWED ? address(this) : address(0);
    }
}
