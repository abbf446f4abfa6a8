// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IRoyaltyVault} from "./interfaces/IRoyaltyVault.sol";
import {Money} from "./libraries/Money.sol";
import {Pool, Pools} from "./libraries/Pools.sol";

/// @title The accounts of a vault: a pool for each token, and who holds which part of it. See {IRoyaltyVault}.
/// @dev Callers guard against re-entrance.
abstract contract VaultAccounts is IRoyaltyVault {
    using SafeERC20 for IERC20;
    using Pools for Pool;

    mapping(address token => Pool) private _pools;
    mapping(address token => mapping(uint32 era => mapping(bytes32 payeeId => uint256 shares))) private _credits;

    /// @inheritdoc IRoyaltyVault
    function pooledOf(address token) external view returns (uint256) {
        return _poolNow(token).pooled;
    }

    function _creditIn(Pool memory pool, address token, bytes32 payeeId) internal view returns (uint256) {
        return pool.worthOf(_credits[token][pool.era][payeeId]);
    }

    /// @dev Fetches ERC-20 from the caller.
    /// @return pool The pool, with earlier losses recorded and without what came.
    function _pull(address token, uint256 amount) internal returns (Pool memory pool, uint256 received) {
        uint256 balance = Money.balanceOf(token);
        pool = _recordLoss(token, balance);
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 balanceNow = Money.balanceOf(token);
        received = balanceNow > balance ? balanceNow - balance : 0;
    }

    function _issue(address token, Pool memory pool, uint256 received) internal returns (uint256 issued) {
        if (received == 0) revert NothingReceived(token);
        issued = pool.add(received);
        _pools[token] = pool;
    }

    function _credit(address token, Pool memory pool, bytes32 payeeId, uint256 shares) internal {
        _credits[token][pool.era][payeeId] += shares;
        emit PayeeCredited(token, payeeId, pool.worthOf(shares));
    }

    /// @dev Takes `amount` from a payee's credit and stores the pool.
    function _debit(
        address token,
        Pool memory pool,
        bytes32 payeeId,
        uint256 amount
    ) internal returns (uint256 burned) {
        uint256 held = _credits[token][pool.era][payeeId];
        uint256 credit = pool.worthOf(held);
        if (amount == 0) revert AmountIsZero();
        if (amount > credit) revert InsufficientCredit(payeeId, credit, amount);
        burned = pool.take(held, amount);
        _credits[token][pool.era][payeeId] = held - burned;
        _pools[token] = pool;
    }

    /// @dev Debits before it pays. What really left the vault decides, whatever the recipient or the token says: if it is
    /// more than asked, the payee bears it; what did not leave goes back to the credit.
    function _payOut(
        address token,
        Pool memory pool,
        bytes32 payeeId,
        address recipient,
        uint256 amount,
        uint256 gasLimit
    ) internal returns (uint256 spent) {
        uint256 balance = Money.balanceOf(token);
        uint256 burned = _debit(token, pool, payeeId, amount);
        Money.trySend(token, recipient, amount, gasLimit);
        spent = _spentSince(token, balance);

        if (spent > amount) {
            _debit(token, pool, payeeId, spent - amount);
        } else if (spent < amount) {
            uint256 restored = spent == 0 ? burned : burned * (amount - spent) / amount;
            pool.restore(amount - spent, restored);
            _pools[token] = pool;
            _credits[token][pool.era][payeeId] += restored;
        }
        if (spent != 0) emit PayeePaid(token, payeeId, recipient, amount, spent);
    }

    function _spentSince(address token, uint256 balance) internal view returns (uint256) {
        uint256 balanceNow = Money.balanceOf(token);
        return balanceNow < balance ? balance - balanceNow : 0;
    }

    /// @dev The pool of a token with its losses written off, also in storage.
    function _recordLoss(address token, uint256 balance) internal returns (Pool memory pool) {
        pool = _pools[token];
        uint256 lost = pool.recordLoss(balance);
        if (lost == 0) return pool;
        _pools[token] = pool;
        emit LossRecorded(token, lost, pool.era);
    }

    function _poolNow(address token) internal view returns (Pool memory pool) {
        pool = _pools[token];
        pool.recordLoss(Money.balanceOf(token));
    }
}
