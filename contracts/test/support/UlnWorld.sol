// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {SetConfigParam} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/IMessageLibManager.sol";
import {World} from "./World.sol";

/// @dev What the contracts behind LayerZero's libraries are told when they are set up.
interface IUlnSetup {
    struct Price {
        uint128 priceRatio;
        uint64 gasPriceInUnit;
        uint32 gasPerByte;
    }

    struct PriceUpdate {
        uint32 eid;
        Price price;
    }

    struct ExecutorDstConfig {
        uint32 dstEid;
        uint64 lzReceiveBaseGas;
        uint64 lzComposeBaseGas;
        uint16 multiplierBps;
        uint128 floorMarginUSD;
        uint128 nativeCap;
    }

    struct DvnDstConfig {
        uint32 dstEid;
        uint64 gas;
        uint16 multiplierBps;
        uint128 floorMarginUSD;
    }

    struct UlnConfig {
        uint64 confirmations;
        uint8 requiredDVNCount;
        uint8 optionalDVNCount;
        uint8 optionalDVNThreshold;
        address[] requiredDVNs;
        address[] optionalDVNs;
    }

    struct UlnDefault {
        uint32 eid;
        UlnConfig config;
    }

    struct ExecutorConfig {
        uint32 maxMessageSize;
        address executor;
    }

    struct ExecutorDefault {
        uint32 eid;
        ExecutorConfig config;
    }

    function initialize(address owner) external;

    function initialize(
        address endpoint,
        address receiveUln301,
        address[] calldata messageLibs,
        address priceFeed,
        address roleAdmin,
        address[] calldata admins
    ) external;

    function setTreasury(address treasury) external;

    function setNativeTokenPriceUSD(uint128 price) external;

    function setPrice(PriceUpdate[] calldata updates) external;

    function setWorkerFeeLib(address feeLib) external;

    function setDstConfig(ExecutorDstConfig[] calldata configs) external;

    function setDstConfig(DvnDstConfig[] calldata configs) external;

    function setDefaultUlnConfigs(UlnDefault[] calldata configs) external;

    function setDefaultExecutorConfigs(ExecutorDefault[] calldata configs) external;
}

/// @dev The world with LayerZero's own libraries and paid workers: SendUln302 and ReceiveUln302 with two DVNs, Executor,
/// PriceFeed and Treasury, as on a real chain. Application addresses are put on them explicitly by {_useUln}.
abstract contract UlnWorld is World {
    struct Uln {
        address send;
        address receiving;
        address executor;
        address[] dvns;
    }

    uint32 private constant ULN_CONFIG = 2;
    uint32 private constant EXECUTOR_CONFIG = 1;
    uint64 private constant CONFIRMATIONS = 15;

    Uln[] internal ulns;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < CHAINS; ++i) {
            _installUln(i);
        }
    }

    /// @dev `app` on `chain` sends to and takes from `peer` by ULN302 with two required DVNs.
    function _useUln(address app, uint256 chain, uint256 peer) internal {
        Uln storage uln = ulns[chain];
        uint32 eid = chains[peer].lzEid;
        SetConfigParam[] memory ulnConfig = new SetConfigParam[](1);
        ulnConfig[0] = SetConfigParam(eid, ULN_CONFIG, abi.encode(_ulnConfig(uln)));
        SetConfigParam[] memory executorConfig = new SetConfigParam[](1);
        executorConfig[0] = SetConfigParam(eid, EXECUTOR_CONFIG, abi.encode(_executorConfig(uln)));
        vm.startPrank(app);
        if (chains[chain].endpoint.getSendLibrary(app, eid) != uln.send) {
            chains[chain].endpoint.setSendLibrary(app, eid, uln.send);
            chains[chain].endpoint.setReceiveLibrary(app, eid, uln.receiving, 0);
        }
        chains[chain].endpoint.setConfig(app, uln.send, ulnConfig);
        chains[chain].endpoint.setConfig(app, uln.send, executorConfig);
        chains[chain].endpoint.setConfig(app, uln.receiving, ulnConfig);
        vm.stopPrank();
        chains[chain].lzLibrary = uln.receiving;
    }

    function _installUln(uint256 chain) private {
        Network storage network = _on(chain);
        Uln storage uln = ulns.push();
        uln.send = _createFrom("uln/uln302/SendUln302", abi.encode(network.endpoint, 200_000, 0));
        uln.receiving = _createFrom("uln/uln302/ReceiveUln302", abi.encode(network.endpoint));
        IUlnSetup(uln.send).setTreasury(_createFrom("Treasury", ""));
        network.endpoint.registerLibrary(uln.send);
        network.endpoint.registerLibrary(uln.receiving);

        address priceFeed = _createFrom("PriceFeed", "");
        IUlnSetup(priceFeed).initialize(address(this));
        IUlnSetup(priceFeed).setNativeTokenPriceUSD(3000e20);
        uln.executor = _createFrom("Executor", "");
        IUlnSetup(uln.executor)
            .initialize(
                address(network.endpoint), address(0), _list(uln.send), priceFeed, address(this), _list(address(this))
            );
        IUlnSetup(uln.executor).setWorkerFeeLib(_createFrom("ExecutorFeeLib", abi.encode(network.lzEid, 1e18)));
        address feeLib = _createFrom("uln/dvn/DVNFeeLib", abi.encode(network.lzEid, 1e18));
        address[2] memory dvns = [_createDvn(network, uln.send, priceFeed, feeLib, 1), address(0)];
        dvns[1] = _createDvn(network, uln.send, priceFeed, feeLib, 2);
        if (dvns[0] > dvns[1]) (dvns[0], dvns[1]) = (dvns[1], dvns[0]);
        (uln.dvns.push(), uln.dvns.push());
        (uln.dvns[0], uln.dvns[1]) = (dvns[0], dvns[1]);
        for (uint256 i = 0; i < CHAINS; ++i) {
            _openRoute(uln, priceFeed, chains[i].lzEid);
        }
    }

    function _openRoute(Uln storage uln, address priceFeed, uint32 eid) private {
        IUlnSetup.PriceUpdate[] memory prices = new IUlnSetup.PriceUpdate[](1);
        // The feed is keyed by the id of V1, which that of V2 exceeds by 30000.
        prices[0] = IUlnSetup.PriceUpdate(eid % 30_000, IUlnSetup.Price(1e20, 3e9, 16));
        IUlnSetup(priceFeed).setPrice(prices);
        IUlnSetup.ExecutorDstConfig[] memory execution = new IUlnSetup.ExecutorDstConfig[](1);
        execution[0] = IUlnSetup.ExecutorDstConfig(eid, 80_000, 40_000, 12_000, 0, 1 ether);
        IUlnSetup(uln.executor).setDstConfig(execution);
        IUlnSetup.DvnDstConfig[] memory verification = new IUlnSetup.DvnDstConfig[](1);
        verification[0] = IUlnSetup.DvnDstConfig(eid, 150_000, 12_000, 0);
        for (uint256 i = 0; i < uln.dvns.length; ++i) {
            IUlnSetup(uln.dvns[i]).setDstConfig(verification);
        }
        IUlnSetup.UlnDefault[] memory defaults = new IUlnSetup.UlnDefault[](1);
        defaults[0] = IUlnSetup.UlnDefault(eid, _ulnConfig(uln));
        IUlnSetup(uln.send).setDefaultUlnConfigs(defaults);
        IUlnSetup(uln.receiving).setDefaultUlnConfigs(defaults);
        IUlnSetup.ExecutorDefault[] memory executors = new IUlnSetup.ExecutorDefault[](1);
        executors[0] = IUlnSetup.ExecutorDefault(eid, _executorConfig(uln));
        IUlnSetup(uln.send).setDefaultExecutorConfigs(executors);
    }

    function _createDvn(
        Network storage network,
        address sendLibrary,
        address priceFeed,
        address feeLib,
        uint32 vid
    ) private returns (address dvn) {
        dvn = _createFrom(
            "uln/dvn/DVN",
            abi.encode(
                network.lzEid, vid, _list(sendLibrary), priceFeed, _list(address(uint160(vid))), 1, _list(address(this))
            )
        );
        IUlnSetup(dvn).setWorkerFeeLib(feeLib);
    }

    function _ulnConfig(Uln storage uln) private view returns (IUlnSetup.UlnConfig memory) {
        return IUlnSetup.UlnConfig(CONFIRMATIONS, 2, 0, 0, uln.dvns, new address[](0));
    }

    function _executorConfig(Uln storage uln) private view returns (IUlnSetup.ExecutorConfig memory) {
        return IUlnSetup.ExecutorConfig(10_000, uln.executor);
    }

    /// @param path Folder and name of a contract of LayerZero's message library package.
    function _createFrom(string memory path, bytes memory arguments) private returns (address at) {
        string[] memory parts = vm.split(path, "/");
        string memory file = string.concat(
            "node_modules/@layerzerolabs/lz-evm-messagelib-v2/artifacts/contracts/",
            path,
            ".sol/",
            parts[parts.length - 1],
            ".json"
        );
        bytes memory creation = abi.encodePacked(vm.parseJsonBytes(vm.readFile(file), ".bytecode"), arguments);
        assembly {
            at := create(0, add(creation, 0x20), mload(creation))
        }
        require(at != address(0), path);
    }

    function _list(address entry) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = entry;
    }
}
