// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {ICollection} from "./interfaces/ICollection.sol";
import {Grant, ILicenceBook, Offer} from "./interfaces/ILicenceBook.sol";
import {Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {Manifests} from "./libraries/Manifests.sol";

/// @title The licences of one registry on one chain. See {ILicenceBook}.
contract LicenceBook is ILicenceBook, ReentrancyGuardTransient {
    using EnumerableSet for EnumerableSet.Bytes32Set;
    using SafeERC20 for IERC20;

    /// @inheritdoc ILicenceBook
    uint256 public constant MAX_WORKS = 10;

    /// @inheritdoc ILicenceBook
    address public immutable collection;
    /// @inheritdoc ILicenceBook
    address public immutable receiver;
    bytes32 private immutable REGISTRY_ID;
    bytes32 private immutable LOCAL_CHAIN_HASH;
    bytes32 private immutable HOME_CHAIN_HASH;

    /// @inheritdoc ILicenceBook
    mapping(bytes32 templateHash => string) public uriOf;
    Offer[] private _offers;
    mapping(uint256 offerId => bool) private _withdrawn;
    uint64 private _issued;
    mapping(bytes32 grantId => Grant) private _grants;
    /// @dev Grants that are not revoked.
    mapping(address holder => mapping(bytes32 templateHash => EnumerableSet.Bytes32Set)) private _held;

    modifier onlyPolicy() {
        if (msg.sender != ICollection(collection).policy()) revert LicenceUnauthorized(msg.sender);
        _;
    }

    constructor(Deployment memory deployment) {
        REGISTRY_ID = deployment.registryId;
        LOCAL_CHAIN_HASH = Manifests.localEntry(deployment.manifest).chainHash;
        HOME_CHAIN_HASH = deployment.manifest.homeChainHash;
        collection = deployment.components[uint256(Component.COLLECTION)];
        address component = deployment.components[uint256(Component.ROYALTY_RECEIVER)];
        receiver = component == address(0) ? deployment.manifest.royaltyReceiver : component;
    }

    /// @inheritdoc ILicenceBook
    function addTemplate(bytes32 templateHash, string calldata uri) external onlyPolicy {
        if (templateHash == 0 || bytes(uri).length == 0) revert TemplateInvalid(templateHash);
        if (_isTemplate(templateHash)) revert TemplateExists(templateHash);
        uriOf[templateHash] = uri;
        emit TemplateAdded(templateHash, uri);
    }

    /// @inheritdoc ILicenceBook
    function offer(Offer calldata terms) external onlyPolicy returns (uint256 offerId) {
        if (!_isTemplate(terms.templateHash)) revert TemplateUnknown(terms.templateHash);
        if (terms.currency != address(0) && terms.currency.code.length == 0) revert CurrencyInvalid(terms.currency);
        if (terms.workIds.length > MAX_WORKS) revert TooManyWorks(MAX_WORKS, terms.workIds.length);
        if (terms.closesAt != 0 && terms.closesAt <= block.timestamp) revert OfferClosesInThePast(terms.closesAt);
        offerId = _offers.length;
        _offers.push(terms);
        emit LicenceOffered(offerId, terms.templateHash, terms);
    }

    /// @inheritdoc ILicenceBook
    function withdrawOffer(uint256 offerId) external onlyPolicy {
        _requireOffer(offerId);
        if (_withdrawn[offerId]) return;
        _withdrawn[offerId] = true;
        emit OfferWithdrawn(offerId);
    }

    /// @inheritdoc ILicenceBook
    function buy(uint256 offerId, address holder) external payable nonReentrant returns (bytes32 grantId) {
        Offer memory terms = offerOf(offerId);
        if (!isOpen(offerId)) revert OfferClosed(offerId, terms.closesAt);
        if (holder == address(0)) revert HolderInvalid(holder);

        uint64 serial = ++_issued;
        grantId = grantIdOf(LOCAL_CHAIN_HASH, serial);
        Grant memory grant = Grant({
            issuerChainHash: LOCAL_CHAIN_HASH,
            templateHash: terms.templateHash,
            holder: holder,
            serial: serial,
            revision: 1,
            grantedAt: uint64(block.timestamp),
            expiresAt: terms.termSeconds == 0 ? 0 : uint64(block.timestamp) + terms.termSeconds,
            transferable: terms.transferable,
            revocable: terms.revocable,
            revoked: false,
            workIds: terms.workIds
        });
        _grants[grantId] = grant;
        _held[holder][terms.templateHash].add(grantId);
        _collect(terms.currency, terms.price);
        emit LicenceBought(grantId, offerId, holder, msg.sender, grant);
    }

    /// @inheritdoc ILicenceBook
    function transfer(bytes32 grantId, address to) external {
        Grant storage grant = _changeableGrant(grantId);
        if (msg.sender != grant.holder) revert LicenceUnauthorized(msg.sender);
        if (!grant.transferable) revert GrantNotTransferable(grantId);
        if (to == address(0)) revert HolderInvalid(to);
        address from = grant.holder;
        _change(grantId, grant, to, false, grant.revision + 1);
        emit LicenceTransferred(grantId, from, to, grant.revision);
    }

    /// @inheritdoc ILicenceBook
    function revoke(bytes32 grantId, bytes32 reasonHash) external onlyPolicy {
        Grant storage grant = _changeableGrant(grantId);
        if (!grant.revocable) revert GrantNotRevocable(grantId);
        _change(grantId, grant, grant.holder, true, grant.revision + 1);
        emit LicenceRevoked(grantId, grant.holder, reasonHash, grant.revision);
    }

    /// @inheritdoc ILicenceBook
    function applyGrant(bytes32 srcChainHash, Grant calldata arrived) external {
        // Asked each time: the Gateway can be replaced.
        if (msg.sender != ICollection(collection).gateway()) revert LicenceUnauthorized(msg.sender);
        _requireRoute(arrived.issuerChainHash, srcChainHash, LOCAL_CHAIN_HASH);
        bytes32 grantId = grantIdOf(arrived.issuerChainHash, arrived.serial);
        Grant storage grant = _grants[grantId];
        if (arrived.revision <= grant.revision) return;

        if (grant.revision == 0) {
            _grants[grantId] = arrived;
            if (!arrived.revoked) _held[arrived.holder][arrived.templateHash].add(grantId);
        } else {
            _change(grantId, grant, arrived.holder, arrived.revoked, arrived.revision);
        }
        emit GrantApplied(grantId, arrived.holder, arrived.revision, arrived);
    }

    /// @inheritdoc ILicenceBook
    function statementOf(bytes32 grantId, bytes32 dstChainHash) external view returns (Grant memory grant) {
        grant = grantOf(grantId);
        _requireRoute(grant.issuerChainHash, LOCAL_CHAIN_HASH, dstChainHash);
    }

    /// @inheritdoc ILicenceBook
    function isLicensed(uint256 workId, address account, bytes32 templateHash) external view returns (bool) {
        EnumerableSet.Bytes32Set storage held = _held[account][templateHash];
        for (uint256 i = 0; i < held.length(); ++i) {
            if (covers(held.at(i), workId, account)) return true;
        }
        return false;
    }

    /// @inheritdoc ILicenceBook
    function grantsOf(address account, bytes32 templateHash) external view returns (bytes32[] memory) {
        return _held[account][templateHash].values();
    }

    /// @inheritdoc ILicenceBook
    function covers(bytes32 grantId, uint256 workId, address account) public view returns (bool) {
        Grant storage grant = _grants[grantId];
        if (grant.revision == 0 || grant.holder != account || _isOver(grant)) return false;
        uint256 count = grant.workIds.length;
        for (uint256 i = 0; i < count; ++i) {
            if (grant.workIds[i] == workId) return true;
        }
        return count == 0;
    }

    /// @inheritdoc ILicenceBook
    function grantOf(bytes32 grantId) public view returns (Grant memory grant) {
        grant = _grants[grantId];
        if (grant.revision == 0) revert GrantUnknown(grantId);
    }

    /// @inheritdoc ILicenceBook
    function offerOf(uint256 offerId) public view returns (Offer memory) {
        _requireOffer(offerId);
        return _offers[offerId];
    }

    /// @inheritdoc ILicenceBook
    function isOpen(uint256 offerId) public view returns (bool) {
        if (offerId >= _offers.length || _withdrawn[offerId]) return false;
        uint64 closesAt = _offers[offerId].closesAt;
        return closesAt == 0 || block.timestamp < closesAt;
    }

    /// @inheritdoc ILicenceBook
    function grantIdOf(bytes32 issuerChainHash, uint64 serial) public view returns (bytes32) {
        return keccak256(abi.encode(REGISTRY_ID, issuerChainHash, serial));
    }

    /// @dev Moves the price from the caller to the receiver, exactly; nothing stays here.
    function _collect(address currency, uint256 price) private {
        if (currency == address(0)) {
            if (msg.value != price) revert WrongPayment(price, msg.value);
            if (price == 0) return;
            (bool taken,) = receiver.call{value: price}("");
            if (!taken) revert PaymentRefused(receiver, price);
            return;
        }
        if (msg.value != 0) revert WrongPayment(0, msg.value);
        uint256 before = IERC20(currency).balanceOf(receiver);
        IERC20(currency).safeTransferFrom(msg.sender, receiver, price);
        // A token that takes a fee on the way would leave the artist with less than the price.
        uint256 arrived = IERC20(currency).balanceOf(receiver) - before;
        if (arrived != price) revert WrongPayment(price, arrived);
    }

    /// @dev Sets what can change of a grant, and keeps the holders' lists in step.
    function _change(bytes32 grantId, Grant storage grant, address holder, bool revoked, uint64 revision) private {
        bytes32 templateHash = grant.templateHash;
        _held[grant.holder][templateHash].remove(grantId);
        grant.holder = holder;
        grant.revoked = revoked;
        grant.revision = revision;
        if (!revoked) _held[holder][templateHash].add(grantId);
    }

    /// @dev A grant that this chain issued and that is not over.
    function _changeableGrant(bytes32 grantId) private view returns (Grant storage grant) {
        grant = _grants[grantId];
        if (grant.revision == 0) revert GrantUnknown(grantId);
        if (grant.issuerChainHash != LOCAL_CHAIN_HASH) revert GrantIssuedElsewhere(grantId, grant.issuerChainHash);
        if (_isOver(grant)) revert GrantOver(grantId, grant.expiresAt);
    }

    /// @dev A mirror can speak of what it issued and of nothing else, so a weak chain forges only its own licences.
    function _requireRoute(bytes32 issuerChainHash, bytes32 srcChainHash, bytes32 dstChainHash) private view {
        bool isAllowed = dstChainHash == HOME_CHAIN_HASH
            ? issuerChainHash == srcChainHash && srcChainHash != HOME_CHAIN_HASH
            : srcChainHash == HOME_CHAIN_HASH && issuerChainHash != dstChainHash;
        if (!isAllowed) revert WrongGrantRoute(issuerChainHash, srcChainHash, dstChainHash);
    }

    function _requireOffer(uint256 offerId) private view {
        if (offerId >= _offers.length) revert OfferUnknown(offerId);
    }

    function _isOver(Grant storage grant) private view returns (bool) {
        return grant.revoked || (grant.expiresAt != 0 && block.timestamp >= grant.expiresAt);
    }

    function _isTemplate(bytes32 templateHash) private view returns (bool) {
        return bytes(uriOf[templateHash]).length != 0;
    }
}
