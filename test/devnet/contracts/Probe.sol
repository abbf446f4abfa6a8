// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// @notice Takes any message of either network, from anyone, and logs its data: for tests of the devnet only.
contract Probe {
    struct TokenAmount {
        address token;
        uint256 amount;
    }

    struct CcipMessage {
        bytes32 messageId;
        uint64 sourceChainSelector;
        bytes sender;
        bytes data;
        TokenAmount[] destTokenAmounts;
    }

    struct Origin {
        uint32 srcEid;
        bytes32 sender;
        uint64 nonce;
    }

    event Received(bytes data);

    error ProbeBroken();

    bool public broken;

    function setBroken(bool value) external {
        broken = value;
    }

    function ccipReceive(CcipMessage calldata message) external {
        _receive(message.data);
    }

    function lzReceive(Origin calldata, bytes32, bytes calldata message, address, bytes calldata) external payable {
        _receive(message);
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id != 0xffffffff;
    }

    function allowInitializePath(Origin calldata) external pure returns (bool) {
        return true;
    }

    function _receive(bytes calldata data) private {
        if (broken) revert ProbeBroken();
        emit Received(data);
    }
}
