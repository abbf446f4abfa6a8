// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// @dev The part of a Collection that tells who may do what, and where it stands.
contract RoleBook {
    address public owner;
    address public minter;
    address public policy;
    bytes32 public homeChainHash;
    bytes32 public localChainHash;
    uint64 public reserved;
    address public gateway;

    constructor(address owner_, address minter_, bytes32 homeChainHash_, bytes32 localChainHash_) {
        owner = owner_;
        minter = minter_;
        homeChainHash = homeChainHash_;
        localChainHash = localChainHash_;
    }

    function setPolicy(address account) external {
        policy = account;
    }

    function setReserved(uint64 count) external {
        reserved = count;
    }

    function setGateway(address account) external {
        gateway = account;
    }
}
