// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ICollection} from "../interfaces/ICollection.sol";
import {Component, Deployment} from "../interfaces/IRegistryFactory.sol";
import {RegistryState} from "../interfaces/PayloadTypes.sol";
import {Revisions} from "./Revisions.sol";

/// @title What holds for all works of a registry, by revision: royalty, licence, and who may move tokens for others.
abstract contract RegistryTerms is Revisions, IERC2981 {
    /// @inheritdoc ICollection
    uint256 public constant MAX_OPERATORS = 16;
    uint256 private constant BASIS_POINTS = 10_000;

    address private immutable ROYALTY_RECEIVER;

    RegistryState internal _terms;

    constructor(Deployment memory deployment) {
        address receiver = deployment.components[uint256(Component.ROYALTY_RECEIVER)];
        ROYALTY_RECEIVER = receiver == address(0) ? deployment.manifest.royaltyReceiver : receiver;
        if (deployment.manifest.royaltyBps > BASIS_POINTS) revert RoyaltyTooHigh(deployment.manifest.royaltyBps);
        _terms.royaltyBps = uint16(deployment.manifest.royaltyBps);
        _terms.royaltyPolicyHash = deployment.manifest.royaltyPolicyHash;
        _terms.licenceHash = deployment.manifest.licenceHash;
    }

    /// @inheritdoc ICollection
    function stateRegistry(RegistryState calldata next) external onlyHome {
        if (msg.sender != policy) revert Unauthorized(msg.sender);
        if (next.revision != _terms.revision + 1) revert UnexpectedRevision(next.revision, _terms.revision + 1);
        if (next.royaltyBps > BASIS_POINTS) revert RoyaltyTooHigh(next.royaltyBps);
        if (next.operators.length > MAX_OPERATORS) revert TooManyOperators(next.operators.length);
        _storeTerms(next);
    }

    /// @inheritdoc ICollection
    function applyRegistryState(RegistryState calldata next) external onlyGateway {
        if (_isHome()) revert HomeDecides(0);
        if (next.revision > _terms.revision) _storeTerms(next);
    }

    /// @inheritdoc ICollection
    function registryState() external view returns (RegistryState memory) {
        return _terms;
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256, uint256 salePrice) external view returns (address receiver, uint256 royaltyAmount) {
        return (ROYALTY_RECEIVER, salePrice * _terms.royaltyBps / BASIS_POINTS);
    }

    /// @dev Besides ERC-721's own rules: under a transfer policy only the named operators act for a holder.
    function _checkAuthorized(address holder, address spender, uint256 workId) internal view override {
        ERC721._checkAuthorized(holder, spender, workId);
        if (holder == spender || !_terms.restrictsTransfers) return;
        for (uint256 i = 0; i < _terms.operators.length; ++i) {
            if (_terms.operators[i] == bytes32(uint256(uint160(spender)))) return;
        }
        revert OperatorNotAllowed(spender);
    }

    function _storeTerms(RegistryState calldata next) private {
        _terms = next;
        emit RegistryStated(next.revision, next);
    }
}
