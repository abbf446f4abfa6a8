// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Transport} from "../src/interfaces/IGateway.sol";
import {Arrival, IRoyaltyRemitter, Parcel} from "../src/interfaces/IRoyaltyRemitter.sol";
import {Remittance, Withdrawal} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyRemitter} from "../src/RoyaltyRemitter.sol";
import {RoyaltyVault} from "../src/RoyaltyVault.sol";
import {MoodyToken} from "./support/HostileMoney.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";

/// @dev Remits, and calls somebody when its change comes back.
contract CallingSettler {
    address private _target;
    bytes private _data;
    bytes public reason;

    receive() external payable {
        bool done;
        (done, reason) = _target.call(_data);
        require(!done && _target != address(0), "not wanted");
    }

    function remit(
        RoyaltyVault vault,
        Remittance calldata remittance,
        address target,
        bytes calldata data
    ) external payable {
        (_target, _data) = (target, data);
        vault.remit{value: msg.value}(remittance);
    }
}

/// @dev Money is accounted for by differences of balances, so nothing that counts may be entered while it moves.
contract RoyaltyReentryTest is RoyaltyWorld {
    bytes4 private immutable REENTRY = ReentrancyGuard.ReentrancyGuardReentrantCall.selector;

    RoyaltyVault private vault;
    RoyaltyRemitter private remitter;
    CallingSettler private settler;

    function setUp() public override {
        super.setUp();
        vault = tills[BASE].vault;
        remitter = tills[BASE].remitter;
        settler = new CallingSettler();
        _stateSole(BASE, _payee(HOME, artist));
        _depositDollars(BASE, 1_000);
        vm.prank(OWNER);
        chains[BASE].collection.setMinter(address(settler));
        _on(BASE);
    }

    function test_vault_RevertWhen_EnteredWhileATokenMoves() public {
        MoodyToken token = new MoodyToken();
        token.mint(address(this), 1_000);
        token.approve(address(vault), 1_000);
        Withdrawal memory withdrawal = _withdrawal(address(token), _payee(BASE, artist), BOB, 1);
        Remittance memory remittance;
        address[] memory accounts = new address[](1);
        bytes[7] memory entries = [
            abi.encodeCall(vault.deposit, (address(token), 1)),
            abi.encodeCall(vault.split, (address(token))),
            abi.encodeCall(vault.withdraw, (withdrawal)),
            abi.encodeCall(vault.withdrawSigned, (withdrawal, block.timestamp, "")),
            abi.encodeCall(vault.pay, (address(token), accounts)),
            abi.encodeCall(vault.remit, (remittance)),
            abi.encodeCall(vault.creditSettlement, (chains[HOME].chainHash, address(token), 1, ""))
        ];
        for (uint256 i = 0; i < entries.length; ++i) {
            token.setHook(address(vault), entries[i]);
            vm.expectRevert(REENTRY);
            vault.deposit(address(token), 1_000);
        }
    }

    function test_remitter_RevertWhen_EnteredWhileChangeGoesBack() public {
        Parcel memory parcel;
        Arrival memory arrival;
        Client.Any2EVMMessage memory message;
        bytes[5] memory entries = [
            abi.encodeCall(remitter.send, (parcel, ALICE)),
            abi.encodeCall(remitter.ccipReceive, (message)),
            abi.encodeCall(remitter.lzCompose, (ALICE, 0, "", ALICE, "")),
            abi.encodeCall(remitter.retryArrival, (arrival)),
            abi.encodeCall(remitter.releaseArrival, (arrival))
        ];
        for (uint256 i = 0; i < entries.length; ++i) {
            Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, keccak256(abi.encode(i)), artist, 10);
            settler.remit{value: FEE_WEI + 1}(vault, remittance, address(remitter), entries[i]);
            assertEq(settler.reason(), abi.encodePacked(REENTRY));
        }
    }

    function test_remit_RevertWhen_TheChangeIsNotTaken() public {
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, keccak256("refused"), artist, 10);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.RefundFailed.selector, address(settler), 1));
        settler.remit{value: FEE_WEI + 1}(vault, remittance, address(0), "");
    }

    function test_remit_RevertWhen_TheBridgeTakesMoreOrLess() public {
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, keccak256("short"), artist, 10);
        // The vault looks before and after it hands the money over, then the remitter before and after it sends it.
        bytes[] memory balances = new bytes[](4);
        (balances[0], balances[1]) = (abi.encode(0), abi.encode(10));
        (balances[2], balances[3]) = (abi.encode(10), abi.encode(1));
        address dollar = address(tills[BASE].dollar);
        vm.mockCalls(dollar, abi.encodeCall(IERC20.balanceOf, (address(remitter))), balances);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.UnexpectedDebit.selector, dollar, 10, 9));
        settler.remit{value: FEE_WEI}(vault, remittance, address(0), "");
    }
}
