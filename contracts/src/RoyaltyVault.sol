// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {IRegistryRoles} from "./interfaces/IRegistryRoles.sol";
import {IRoyaltyRemitter, Parcel} from "./interfaces/IRoyaltyRemitter.sol";
import {IRoyaltyVault, Payee, RemittedCredit, Remittance, Share, Withdrawal} from "./interfaces/IRoyaltyVault.sol";
import {Allotments} from "./libraries/Allotments.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {Money} from "./libraries/Money.sol";
import {Pool, Pools} from "./libraries/Pools.sol";
import {Settlements} from "./libraries/Settlements.sol";
import {RoyaltyRemitter} from "./RoyaltyRemitter.sol";
import {VaultAccounts} from "./VaultAccounts.sol";

/// @title The money of one registry on one chain. See {IRoyaltyVault}.
contract RoyaltyVault is VaultAccounts, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using Pools for Pool;

    /// @inheritdoc IRoyaltyVault
    uint256 public constant MAX_PAYEES = 20;
    /// @inheritdoc IRoyaltyVault
    uint256 public constant PAYEE_GAS = 100_000;
    /// @dev What must be left beside the payee's share to keep its credit and finish.
    uint256 private constant PAYMENT_RESERVE_GAS = 60_000;
    uint256 private constant WHOLE_BPS = 10_000;
    /// @dev A payee's id and its share in basis points fill one slot.
    uint256 private constant BPS_MASK = 0xffff;
    bytes32 private constant WITHDRAWAL_TYPEHASH = keccak256(
        "Withdrawal(address token,bytes32 chainHash,bytes32 account,address claimant,address recipient,uint256 amount,"
        "uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc IRoyaltyVault
    address public immutable remitter;
    /// @inheritdoc IRoyaltyVault
    address public immutable collection;
    /// @inheritdoc IRoyaltyVault
    bytes32 public immutable registryId;
    /// @inheritdoc IRoyaltyVault
    bytes32 public immutable localChainHash;

    uint64 private _splitRevision;
    uint256[] private _split;
    mapping(address token => mapping(uint32 era => uint256 shares)) private _unsplit;
    mapping(bytes32 srcChainHash => mapping(bytes32 settlementId => bytes32 digest)) private _credited;
    /// @inheritdoc IRoyaltyVault
    mapping(bytes32 settlementId => bytes32 digest) public remittedDigestOf;
    /// @inheritdoc IRoyaltyVault
    mapping(bytes32 payeeId => uint256 nonce) public nonceOf;

    constructor(Deployment memory deployment) EIP712("Colophon RoyaltyVault", "1") {
        collection = deployment.components[uint256(Component.COLLECTION)];
        registryId = deployment.registryId;
        localChainHash = Manifests.localEntry(deployment.manifest).chainHash;
        remitter = address(new RoyaltyRemitter(deployment));
    }

    /// @inheritdoc IRoyaltyVault
    function deposit(address token, uint256 amount) external payable nonReentrant returns (uint256 received) {
        if (token == Money.NATIVE) {
            if (msg.value != amount) revert ValueMismatch(amount, msg.value);
            _take(token, _recordLoss(token, address(this).balance - amount), amount);
            return amount;
        }
        if (msg.value != 0) revert ValueMismatch(0, msg.value);
        Pool memory pool;
        (pool, received) = _pull(token, amount);
        _take(token, pool, received);
    }

    /// @inheritdoc IRoyaltyVault
    function absorb(address token) external nonReentrant returns (uint256 received) {
        uint256 balance = Money.balanceOf(token);
        Pool memory pool = _recordLoss(token, balance);
        received = balance - pool.pooled;
        _take(token, pool, received);
    }

    /// @inheritdoc IRoyaltyVault
    function split(address token) external nonReentrant {
        Pool memory pool = _recordLoss(token, Money.balanceOf(token));
        uint256 shares = _unsplit[token][pool.era];
        if (shares == 0 || _splitRevision == 0) revert NothingToSplit(token);
        delete _unsplit[token][pool.era];
        _allot(token, pool, shares);
    }

    /// @inheritdoc IRoyaltyVault
    function stateSplit(uint64 expectedRevision, Share[] calldata shares) external returns (uint64 revision) {
        if (msg.sender != IRegistryRoles(collection).owner()) revert Unauthorized(msg.sender);
        if (expectedRevision != _splitRevision) revert UnexpectedRevision(expectedRevision, _splitRevision);
        if (shares.length == 0 || shares.length > MAX_PAYEES) revert PayeeCountOutOfBounds(shares.length, MAX_PAYEES);

        delete _split;
        uint256 sumBps = 0;
        bytes32 previous = 0;
        for (uint256 i = 0; i < shares.length; ++i) {
            _requireReachable(shares[i].payee, i);
            if (shares[i].bps == 0) revert ShareIsZero(i);
            bytes32 payeeId = payeeIdOf(shares[i].payee);
            if (payeeId <= previous) revert PayeesUnordered(i);
            previous = payeeId;
            sumBps += shares[i].bps;
            _split.push(uint256(payeeId) | shares[i].bps);
        }
        if (sumBps != WHOLE_BPS) revert SharesNotWhole(sumBps);
        revision = ++_splitRevision;
        emit SplitStated(revision, shares);
    }

    /// @inheritdoc IRoyaltyVault
    function withdraw(Withdrawal calldata withdrawal) external nonReentrant {
        Payee calldata payee = withdrawal.payee;
        bool isPayee = payee.chainHash == localChainHash && payee.account == _bytes32(msg.sender);
        if (!isPayee && payee.claimant != msg.sender) revert Unauthorized(msg.sender);
        _withdraw(withdrawal);
    }

    /// @inheritdoc IRoyaltyVault
    function withdrawSigned(
        Withdrawal calldata withdrawal,
        uint256 deadline,
        bytes calldata signature
    ) external nonReentrant {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        Payee calldata payee = withdrawal.payee;
        bytes32 payeeId = payeeIdOf(payee);
        bytes32 hash = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    WITHDRAWAL_TYPEHASH,
                    withdrawal.token,
                    payee.chainHash,
                    payee.account,
                    payee.claimant,
                    withdrawal.recipient,
                    withdrawal.amount,
                    nonceOf[payeeId]++,
                    deadline
                )
            )
        );
        if (!_isSignedBy(payee, hash, signature)) revert SignatureInvalid(payeeId);
        _withdraw(withdrawal);
    }

    /// @inheritdoc IRoyaltyVault
    function pay(address token, address[] calldata accounts) external nonReentrant {
        for (uint256 i = 0; i < accounts.length; ++i) {
            bytes32 payeeId = payeeIdOf(Payee(localChainHash, _bytes32(accounts[i]), address(0)));
            Pool memory pool = _recordLoss(token, Money.balanceOf(token));
            uint256 amount = _creditIn(pool, token, payeeId);
            if (amount == 0) continue;
            // 63/64 of what is left can be passed on (EIP-150).
            uint256 required = PAYEE_GAS * 64 / 63 + PAYMENT_RESERVE_GAS;
            if (gasleft() < required) revert PaymentGasTooLow(required, gasleft());
            uint256 spent = _payOut(token, pool, payeeId, accounts[i], amount, PAYEE_GAS);
            if (spent == 0) emit PaymentRefused(token, payeeId, amount);
        }
    }

    /// @inheritdoc IRoyaltyVault
    function remit(Remittance calldata remittance)
        external
        payable
        nonReentrant
        returns (bytes32 digest, bytes32 messageId)
    {
        if (!_isSettler(msg.sender)) revert Unauthorized(msg.sender);
        bytes32 earlier = remittedDigestOf[remittance.settlementId];
        if (earlier != 0) revert SettlementAlreadyRemitted(remittance.settlementId, earlier);

        Parcel memory parcel = _parcelOf(remittance);
        digest = Settlements.digestOf(registryId, localChainHash, remittance.dstChainHash, parcel.message);
        remittedDigestOf[remittance.settlementId] = digest;

        uint256 balance = Money.balanceOf(parcel.token);
        Pool memory pool = _recordLoss(parcel.token, balance);
        for (uint256 i = 0; i < remittance.credits.length; ++i) {
            RemittedCredit calldata credit = remittance.credits[i];
            bytes32 payeeId = payeeIdOf(Payee(remittance.dstChainHash, credit.account, credit.claimant));
            _debit(parcel.token, pool, payeeId, credit.amount);
        }
        _handToRemitter(parcel.token, parcel.amount, balance);
        messageId = IRoyaltyRemitter(remitter).send{value: msg.value}(parcel, msg.sender);
        emit SettlementRemitted(
            remittance.settlementId,
            digest,
            remittance.dstChainHash,
            remittance.transport,
            parcel.token,
            parcel.amount,
            messageId
        );
    }

    /// @inheritdoc IRoyaltyVault
    function creditSettlement(
        bytes32 srcChainHash,
        address token,
        uint256 amount,
        bytes calldata message
    ) external nonReentrant {
        if (msg.sender != remitter) revert Unauthorized(msg.sender);
        (bytes32 settlementId, bytes32[] memory accounts, uint256[] memory amounts) = Settlements.decode(message);
        bytes32 earlier = _credited[srcChainHash][settlementId];
        if (earlier != 0) revert SettlementAlreadyCredited(srcChainHash, settlementId, earlier);
        bytes32 digest = Settlements.digestOf(registryId, srcChainHash, localChainHash, message);
        _credited[srcChainHash][settlementId] = digest;

        (Pool memory pool, uint256 received) = _pull(token, amount);
        uint256[] memory parts = Allotments.allot(_issue(token, pool, received), amounts);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _credit(token, pool, payeeIdOf(Payee(localChainHash, accounts[i], address(0))), parts[i]);
        }
        emit SettlementCredited(srcChainHash, settlementId, digest, token, received);
    }

    /// @inheritdoc IRoyaltyVault
    function quoteRemittance(Remittance calldata remittance) external view returns (uint256) {
        return IRoyaltyRemitter(remitter).quote(_parcelOf(remittance));
    }

    /// @inheritdoc IRoyaltyVault
    function creditOf(address token, Payee calldata payee) external view returns (uint256) {
        Pool memory pool = _poolNow(token);
        return _creditIn(pool, token, payeeIdOf(payee));
    }

    /// @inheritdoc IRoyaltyVault
    function unsplitOf(address token) external view returns (uint256) {
        Pool memory pool = _poolNow(token);
        return pool.worthOf(_unsplit[token][pool.era]);
    }

    /// @inheritdoc IRoyaltyVault
    function splitInForce()
        external
        view
        returns (uint64 revision, bytes32[] memory payeeIds, uint256[] memory shareBps)
    {
        revision = _splitRevision;
        (payeeIds, shareBps) = _loadSplit();
    }

    /// @inheritdoc IRoyaltyVault
    function creditedDigestOf(bytes32 srcChainHash, bytes32 settlementId) external view returns (bytes32) {
        return _credited[srcChainHash][settlementId];
    }

    /// @inheritdoc IRoyaltyVault
    function payeeIdOf(Payee memory payee) public pure returns (bytes32) {
        return bytes32(uint256(keccak256(abi.encode(payee))) & ~BPS_MASK);
    }

    /// @dev Money that came for nobody in particular: to the payees of the split, or to wait for one.
    function _take(address token, Pool memory pool, uint256 received) private {
        uint256 issued = _issue(token, pool, received);
        emit MoneyReceived(token, msg.sender, received);
        if (_splitRevision == 0) _unsplit[token][pool.era] += issued;
        else _allot(token, pool, issued);
    }

    function _allot(address token, Pool memory pool, uint256 shares) private {
        (bytes32[] memory payeeIds, uint256[] memory shareBps) = _loadSplit();
        uint256[] memory parts = Allotments.allot(shares, shareBps);
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i] != 0) _credit(token, pool, payeeIds[i], parts[i]);
        }
    }

    function _withdraw(Withdrawal calldata withdrawal) private {
        Pool memory pool = _recordLoss(withdrawal.token, Money.balanceOf(withdrawal.token));
        bytes32 payeeId = payeeIdOf(withdrawal.payee);
        uint256 spent = _payOut(withdrawal.token, pool, payeeId, withdrawal.recipient, withdrawal.amount, gasleft());
        if (spent == 0) revert PaymentFailed(withdrawal.recipient, withdrawal.amount);
    }

    /// @dev The remitter also holds money that is not for this parcel, so it must get exactly the amount.
    function _handToRemitter(address token, uint256 amount, uint256 balance) private {
        uint256 balanceThere = IERC20(token).balanceOf(remitter);
        IERC20(token).safeTransfer(remitter, amount);
        uint256 spent = _spentSince(token, balance);
        if (spent != amount) revert UnexpectedDebit(token, amount, spent);
        uint256 arrived = IERC20(token).balanceOf(remitter) - balanceThere;
        if (arrived != amount) revert UnexpectedDebit(token, amount, arrived);
    }

    function _loadSplit() private view returns (bytes32[] memory payeeIds, uint256[] memory shareBps) {
        payeeIds = new bytes32[](_split.length);
        shareBps = new uint256[](_split.length);
        for (uint256 i = 0; i < payeeIds.length; ++i) {
            uint256 packed = _split[i];
            payeeIds[i] = bytes32(packed & ~BPS_MASK);
            shareBps[i] = packed & BPS_MASK;
        }
    }

    function _parcelOf(Remittance calldata remittance) private pure returns (Parcel memory parcel) {
        if (remittance.token == Money.NATIVE) revert NativeHasNoRoute();
        parcel.dstChainHash = remittance.dstChainHash;
        parcel.transport = remittance.transport;
        parcel.token = remittance.token;
        for (uint256 i = 0; i < remittance.credits.length; ++i) {
            parcel.amount += remittance.credits[i].amount;
        }
        if (parcel.amount == 0) revert AmountIsZero();
        parcel.minArriving = remittance.minArriving;
        parcel.payeeCount = remittance.credits.length;
        parcel.message = Settlements.encode(remittance.settlementId, remittance.token, remittance.credits);
    }

    /// @dev Every payee must have a way to its money: here, by remittance, or through a claimant.
    function _requireReachable(Payee calldata payee, uint256 index) private view {
        bool isLocal = payee.chainHash == localChainHash;
        bool isPeer = IRoyaltyRemitter(remitter).peerOf(payee.chainHash) != 0;
        bool isAddress = uint256(payee.account) <= type(uint160).max;
        bool hasClaimant = payee.claimant != address(0);
        bool reachable = isLocal ? isAddress && !hasClaimant : isPeer ? isAddress : hasClaimant;
        if (!reachable || payee.account == 0) revert PayeeInvalid(index);
    }

    /// @dev A key controls its address on every chain; a contract's address elsewhere may be another's here.
    function _isSignedBy(Payee calldata payee, bytes32 hash, bytes calldata signature) private view returns (bool) {
        if (payee.chainHash == localChainHash) {
            return SignatureChecker.isValidSignatureNow(address(uint160(uint256(payee.account))), hash, signature);
        }
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(hash, signature);
        return problem == ECDSA.RecoverError.NoError && _bytes32(signer) == payee.account;
    }

    function _isSettler(address account) private view returns (bool) {
        IRegistryRoles roles = IRegistryRoles(collection);
        return account == roles.minter() || account == roles.owner();
    }

    function _bytes32(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
