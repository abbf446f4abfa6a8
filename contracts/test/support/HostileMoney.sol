// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token that behaves as told.
contract MoodyToken is ERC20 {
    enum Mood {
        HONEST,
        FEE_FROM_RECEIVER,
        FEE_FROM_SENDER,
        LIES,
        REFUSES,
        MOVES_BUT_SAYS_NO
    }

    Mood public mood;
    /// @dev Called in every transfer.
    address private _hook;
    bytes private _hookData;

    constructor() ERC20("Moody", "MOOD") {}

    function setMood(Mood mood_) external {
        mood = mood_;
    }

    function setHook(address hook, bytes calldata data) external {
        (_hook, _hookData) = (hook, data);
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @dev Shrinks or grows a balance, as rebasing tokens do.
    function rebase(address account, uint256 balance) external {
        uint256 before = balanceOf(account);
        if (balance > before) _mint(account, balance - before);
        else _burn(account, before - balance);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        _move(msg.sender, to, amount);
        return mood != Mood.MOVES_BUT_SAYS_NO;
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _spendAllowance(from, msg.sender, amount);
        _move(from, to, amount);
        return true;
    }

    /// @dev Fees are 1 %.
    function _move(address from, address to, uint256 amount) private {
        if (mood == Mood.REFUSES) revert("not today");
        if (mood == Mood.LIES) return;
        if (_hook != address(0)) {
            (bool called, bytes memory reason) = _hook.call(_hookData);
            if (!called) {
                assembly {
                    revert(add(reason, 0x20), mload(reason))
                }
            }
        }
        _transfer(from, to, amount);
        if (mood == Mood.FEE_FROM_RECEIVER) _burn(to, amount / 100);
        if (mood == Mood.FEE_FROM_SENDER) _burn(from, amount / 100);
    }
}

/// @dev A payee that behaves as told when native money comes.
contract MoodyPayee {
    enum Mood {
        ACCEPTS,
        REVERTS,
        BURNS_ALL_GAS,
        RETURNS_A_BOMB,
        CALLS_BACK
    }

    Mood private _mood;
    address private _target;
    bytes private _data;
    bytes public answer;
    uint256 private _burner;

    function setMood(Mood mood) external {
        _mood = mood;
    }

    /// @dev What it calls when it is paid, if it calls back.
    function setCall(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function call(address target, bytes calldata data) external returns (bytes memory) {
        (bool called, bytes memory result) = target.call(data);
        require(called, "call failed");
        return result;
    }

    receive() external payable {
        if (_mood == Mood.REVERTS) revert("not wanted");
        if (_mood == Mood.BURNS_ALL_GAS) while (true) ++_burner;
        if (_mood == Mood.RETURNS_A_BOMB) {
            assembly {
                return(0, 30000)
            }
        }
        if (_mood == Mood.CALLS_BACK) {
            bool called;
            (called, answer) = _target.call(_data);
            require(!called, "re-entered");
        }
    }
}
