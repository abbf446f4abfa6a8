// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {GatewayUser} from "../GatewayUser.sol";
import {ICollection} from "../interfaces/ICollection.sol";
import {Deployment} from "../interfaces/IRegistryFactory.sol";
import {Manifests} from "../libraries/Manifests.sol";

/// @title Who may do what in a registry, and its URIs. The registry's other contracts read roles from here.
abstract contract RegistryRoles is Ownable2Step, GatewayUser, ICollection, IERC4906 {
    /// @inheritdoc ICollection
    bytes32 public immutable registryId;
    /// @inheritdoc ICollection
    bytes32 public immutable localChainHash;
    /// @inheritdoc ICollection
    bytes32 public immutable homeChainHash;
    /// @inheritdoc ICollection
    address public minter;
    /// @inheritdoc ICollection
    address public policy;
    /// @inheritdoc ICollection
    address public operator;
    /// @inheritdoc ICollection
    address public guardian;
    /// @inheritdoc ICollection
    string public contractURI;
    string internal _baseTokenURI;

    modifier onlyHome() {
        if (!_isHome()) revert NotHome(localChainHash);
        _;
    }

    modifier onlyGateway() {
        if (msg.sender != gateway) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyMinter() {
        if (msg.sender != minter) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyOperatorOrOwner() {
        if (msg.sender != operator && msg.sender != owner()) revert Unauthorized(msg.sender);
        _;
    }

    modifier onlyGuardianOrOwner() {
        if (msg.sender != guardian && msg.sender != owner()) revert Unauthorized(msg.sender);
        _;
    }

    constructor(Deployment memory deployment) Ownable(deployment.manifest.owner) GatewayUser(deployment) {
        registryId = deployment.registryId;
        localChainHash = Manifests.localEntry(deployment.manifest).chainHash;
        homeChainHash = deployment.manifest.homeChainHash;
        minter = deployment.manifest.minter;
        policy = deployment.manifest.policy;
        operator = deployment.manifest.operator;
        guardian = deployment.manifest.guardian;
        contractURI = deployment.manifest.contractURI;
    }

    /// @inheritdoc ICollection
    function setBaseURI(string calldata baseURI) external onlyOperatorOrOwner {
        _baseTokenURI = baseURI;
        emit BatchMetadataUpdate(0, type(uint256).max);
    }

    /// @inheritdoc ICollection
    function setContractURI(string calldata uri) external onlyOperatorOrOwner {
        contractURI = uri;
        emit ContractURIUpdated();
    }

    /// @inheritdoc ICollection
    function setMinter(address account) external onlyOwner {
        emit MinterChanged(minter, account);
        minter = account;
    }

    /// @inheritdoc ICollection
    function setPolicy(address account) external onlyOwner {
        emit PolicyChanged(policy, account);
        policy = account;
    }

    /// @inheritdoc ICollection
    function setOperator(address account) external onlyOwner {
        emit OperatorChanged(operator, account);
        operator = account;
    }

    /// @inheritdoc ICollection
    function setGuardian(address account) external {
        if (msg.sender != guardian) _requireQueue();
        emit GuardianChanged(guardian, account);
        guardian = account;
    }

    function _isHome() internal view returns (bool) {
        return localChainHash == homeChainHash;
    }
}
