// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IPoolV1} from "@chainlink/contracts-ccip/contracts/interfaces/IPool.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {Pool} from "@chainlink/contracts-ccip/contracts/libraries/Pool.sol";

/// @dev The parts of CCIP's TokenPool that its owner uses.
interface IPoolSetup {
    struct RateLimit {
        bool isEnabled;
        uint128 capacity;
        uint128 rate;
    }

    struct ChainUpdate {
        uint64 remoteChainSelector;
        bytes[] remotePoolAddresses;
        bytes remoteTokenAddress;
        RateLimit outbound;
        RateLimit inbound;
    }

    function applyChainUpdates(uint64[] calldata, ChainUpdate[] calldata) external;
}

/// @dev What the real CCIP Router and the real token pool need of an OnRamp to move one token.
contract TokenOnRamp {
    error UnsupportedToken(address token);

    uint256 public constant FEE_WEI = 0.002 ether;
    address private immutable TOKEN;
    IPoolV1 private immutable POOL;
    uint256 private _sent;
    Client.EVM2AnyMessage private _last;

    constructor(address token, IPoolV1 pool) {
        (TOKEN, POOL) = (token, pool);
    }

    function getFee(uint64, Client.EVM2AnyMessage calldata) external pure returns (uint256) {
        return FEE_WEI;
    }

    function getPoolBySourceToken(uint64, address token) external view returns (IPoolV1) {
        if (token != TOKEN) revert UnsupportedToken(token);
        return POOL;
    }

    function forwardFromRouter(
        uint64 dstSelector,
        Client.EVM2AnyMessage calldata message,
        uint256,
        address sender
    ) external returns (bytes32) {
        POOL.lockOrBurn(
            Pool.LockOrBurnInV1(message.receiver, dstSelector, sender, message.tokenAmounts[0].amount, TOKEN)
        );
        _last.receiver = message.receiver;
        _last.data = message.data;
        _last.extraArgs = message.extraArgs;
        delete _last.tokenAmounts;
        _last.tokenAmounts.push(message.tokenAmounts[0]);
        return keccak256(abi.encode(address(this), ++_sent));
    }

    function last() external view returns (Client.EVM2AnyMessage memory) {
        return _last;
    }
}
