// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @dev Answers every call with one word: a risk monitor that is never cursed (0), a wrapped token that always
/// succeeds (1).
contract OneWord {
    uint256 private immutable WORD;

    constructor(uint256 word) {
        WORD = word;
    }

    fallback(bytes calldata) external payable returns (bytes memory) {
        return abi.encode(WORD);
    }
}

/// @dev What the real CCIP Router needs behind it to take a message.
contract OnRampStub {
    uint256 public constant FEE_WEI = 0.001 ether;
    uint256 private _sent;
    Client.EVM2AnyMessage private _last;

    function getFee(uint64, Client.EVM2AnyMessage calldata) external pure returns (uint256) {
        return FEE_WEI;
    }

    function forwardFromRouter(
        uint64,
        Client.EVM2AnyMessage calldata message,
        uint256,
        address
    ) external returns (bytes32) {
        _last.receiver = message.receiver;
        _last.data = message.data;
        _last.feeToken = message.feeToken;
        _last.extraArgs = message.extraArgs;
        return keccak256(abi.encode(address(this), ++_sent));
    }

    function last() external view returns (Client.EVM2AnyMessage memory) {
        return _last;
    }
}

/// @dev A contract that holds works, and behaves as told when it gets one.
contract Receiver is IERC721Receiver {
    enum Mood {
        ACCEPT,
        REVERT,
        WRONG_ANSWER,
        BURN_ALL_GAS,
        HUGE_ANSWER,
        PASS_ON_AND_REFUSE
    }

    address public constant PASSED_TO = address(0xBEEF);
    Mood public mood;
    uint256 public asked;

    constructor(Mood mood_) {
        mood = mood_;
    }

    /// @dev What a fee leaves comes back here.
    receive() external payable {}

    function onERC721Received(address, address, uint256 workId, bytes calldata) external returns (bytes4) {
        ++asked;
        if (mood == Mood.REVERT) revert("not wanted");
        if (mood == Mood.WRONG_ANSWER) return 0xdeadbeef;
        if (mood == Mood.BURN_ALL_GAS) while (true) ++asked;
        if (mood == Mood.HUGE_ANSWER) {
            assembly {
                revert(0, 30000)
            }
        }
        if (mood == Mood.PASS_ON_AND_REFUSE) {
            IERC721(msg.sender).transferFrom(address(this), PASSED_TO, workId);
            return 0xdeadbeef;
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}

/// @dev Pays, but takes no money back.
contract Miser {
    function call(address target, uint256 valueWei, bytes calldata data) external returns (bool, bytes memory) {
        return target.call{value: valueWei}(data);
    }
}

/// @dev A wallet contract (EIP-1271) that agrees to one hash.
contract AgreeingWallet {
    bytes32 private _agreed;

    function agree(bytes32 hash) external {
        _agreed = hash;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return hash == _agreed ? bytes4(0x1626ba7e) : bytes4(0);
    }
}
